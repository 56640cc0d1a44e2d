'use client';
import type { ComponentProps, MouseEvent } from 'react';
import { navigate } from './navigate.ts';

/** A link between views of the signed-in app: a true link for new tabs and screen readers, and a change of view in place. */
export function RouteLink({ href, onClick, ...rest }: ComponentProps<'a'> & { href: string }) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    navigate(href);
  };
  return <a {...rest} href={href} onClick={follow} />;
}
