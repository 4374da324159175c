// The events of a lens. Stream and key: lens-<code>.
import type { Guarantor } from '../vocabulary.js';

export type LensDefined = {
  readonly type: 'LensDefined';
  readonly data: {
    readonly lens: string;
    /** The code of an instrument's reading, such as `un-text`. */
    readonly reading: string;
    readonly exclusionClaims: 'until_upheld' | 'honoured';
    readonly positionsOf: Guarantor | null;
  };
};
export type LensEvent = LensDefined;
