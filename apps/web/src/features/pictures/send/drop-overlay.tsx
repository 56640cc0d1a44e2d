import { ImageDown } from 'lucide-react';

/** Over the conversation while files are dragged across it. */
export function DropOverlay({ name }: { name: string }) {
  return (
    <div className="bg-canvas/85 pointer-events-none absolute inset-0 z-20 flex p-4 backdrop-blur-xs">
      <div className="border-accent text-accent m-auto flex size-full flex-col items-center justify-center gap-3 rounded-3xl border-2 border-dashed">
        <ImageDown size={40} aria-hidden />
        <p className="px-6 text-center text-lg font-semibold">Drop pictures to send them to {name}</p>
      </div>
    </div>
  );
}
