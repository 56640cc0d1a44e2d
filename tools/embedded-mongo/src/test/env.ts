/** The folder with the drivers' specification files (unified test format, JSON) that spec-files.int.spec.ts runs; they are not ours to keep here. */
export const SPEC_FILES = process.env['MONGO_SPEC_FILES'];
