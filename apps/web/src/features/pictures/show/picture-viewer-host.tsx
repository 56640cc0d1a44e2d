'use client';
import { useEffect, useState, type ComponentType } from 'react';
import { useStore } from 'zustand';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import type { PictureViewerProps } from './picture-viewer.tsx';
import { closePicture, viewedPicture } from './viewed-picture.ts';

type Viewer = ComponentType<PictureViewerProps>;

/** Shows the picture that is looked at. What shows it is loaded when it is first needed. */
export function PictureViewerHost() {
  const message = useStore(viewedPicture, (state) => state.message);
  const isWanted = message !== null;
  const [viewer, setViewer] = useState<{ Component: Viewer } | 'failed' | null>(null);
  useEffect(() => {
    if (!isWanted || (viewer !== null && viewer !== 'failed')) return;
    setViewer(null);
    import('./picture-viewer.tsx').then(
      ({ PictureViewer }) => setViewer({ Component: PictureViewer }),
      () => setViewer('failed'),
    );
  }, [isWanted]);
  // Whoever leaves the app, or signs out, leaves the picture too.
  useEffect(() => closePicture, []);

  if (message === null || viewer === null) return null;
  if (viewer !== 'failed') return <viewer.Component key={message.id} start={message} onClose={closePicture} />;
  return (
    <Dialog label="The photo can’t be shown" shape="box" onClose={closePicture}>
      <div className="flex flex-col gap-4 p-6 text-center text-sm">
        <p>The photo viewer couldn’t be loaded. Check your connection and open the photo again.</p>
        <Button look="quiet" onClick={closePicture}>
          Close
        </Button>
      </div>
    </Dialog>
  );
}
