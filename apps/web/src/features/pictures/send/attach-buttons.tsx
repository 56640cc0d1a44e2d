'use client';
import { IMAGE_TYPES } from '@parley/domain';
import { Camera, ImagePlus, type LucideIcon } from 'lucide-react';
import { useRef, type ComponentProps } from 'react';
import { clsx } from 'clsx';

const ACCEPT = IMAGE_TYPES.join(',');

/** Choose pictures from the device, or, on one that is touched, take one. */
export function AttachButtons({ disabled, onChoose }: { disabled: boolean; onChoose(files: File[]): void }) {
  return (
    <div className="flex shrink-0">
      <Picker icon={ImagePlus} label="Add pictures" multiple disabled={disabled} onChoose={onChoose} />
      <Picker
        icon={Camera}
        label="Take a picture"
        capture="environment"
        disabled={disabled}
        onChoose={onChoose}
        className="hidden pointer-coarse:inline-flex"
      />
    </div>
  );
}

type PickerProps = Pick<ComponentProps<'input'>, 'multiple' | 'capture' | 'disabled' | 'className'> & {
  icon: LucideIcon;
  label: string;
  onChoose(files: File[]): void;
};

function Picker({ icon: Icon, label, onChoose, disabled, className = 'inline-flex', ...choice }: PickerProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        aria-label={label}
        title={label}
        disabled={disabled}
        onClick={() => input.current?.click()}
        className={clsx(
          className,
          'text-muted hover:bg-raised hover:text-ink size-11 items-center justify-center rounded-2xl transition-colors disabled:opacity-50',
        )}
      >
        <Icon size={21} aria-hidden />
      </button>
      <input
        {...choice}
        ref={input}
        type="file"
        accept={ACCEPT}
        hidden
        onChange={({ target }) => {
          onChoose([...(target.files ?? [])]);
          // The same file may be chosen again.
          target.value = '';
        }}
      />
    </>
  );
}
