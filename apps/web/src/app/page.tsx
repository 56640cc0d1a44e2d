'use client';
import { problem } from '@parley/contracts';
export default function P() {
  return <p onClick={() => console.log(problem.safeParse({}))}>hi</p>;
}
