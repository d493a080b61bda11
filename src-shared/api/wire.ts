/** More strings than this travel as one. */
const FEW = 64;
const BREAK = '\n';

function isLongList(data: unknown): boolean {
  if (!Array.isArray(data) || data.length <= FEW) return false;
  return data.every((each) => typeof each === 'string' && !each.includes(BREAK));
}

/**
 * How oRPC carries what JSON carries badly; both ends of every transport take these. A list of very many names (tags,
 * repositories) travels as one text, a name a line: its serializer walks each value of an array, which for 100,000
 * names takes as long as drawing them. The contract and everyone who calls it see a list as ever.
 */
export const wireSerializers = [
  {
    /** Numbers from 21 on are ours. */
    type: 21,
    condition: isLongList,
    serialize: (list: readonly string[]): string => list.join(BREAK),
    deserialize: (text: unknown): readonly string[] => {
      if (typeof text !== 'string') throw new TypeError('a list of names is not a text');
      return text.split(BREAK);
    },
  },
] as const;
