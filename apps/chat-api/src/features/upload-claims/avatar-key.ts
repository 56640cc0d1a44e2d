/** Where the square picture of an upload lies, by where its thumbnail does. */
export const avatarKey = (thumbKey: string): string => thumbKey.replace(/^thumb\//, 'avatar/');
