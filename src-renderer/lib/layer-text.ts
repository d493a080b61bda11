import type { SingleImageView } from '#shared/api/images.ts';
import { readInstruction } from './instruction.ts';

/** `Layer 1` is the base. */
export function layerName(index: number): string {
  return `Layer ${index + 1}`;
}

/** The instruction that made a layer, in one line; undefined when the history does not say. Registry text. */
export function layerInstruction(image: SingleImageView, layerIndex: number): string | undefined {
  const historyIndex = image.layers[layerIndex]?.historyIndex;
  const createdBy = historyIndex === undefined ? undefined : image.history[historyIndex]?.createdBy;
  if (createdBy === undefined || createdBy === '') return undefined;
  const { verb, text } = readInstruction(createdBy);
  return verb === undefined ? text : `${verb} ${text}`;
}
