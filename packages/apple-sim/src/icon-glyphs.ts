/**
 * The signs on app icons: a white main part, and a fainter one behind it that gives depth.
 * One table of shapes, longer than a file should be.
 */
import {
  box,
  circle,
  common,
  ellipse,
  line,
  moved,
  outline,
  polygon,
  ring,
  type Shape,
  scaled,
  star,
  together,
  turned,
  without,
} from './icon-shapes.ts'

export interface Glyph {
  readonly main: Shape
  readonly faint?: Shape
}

const bar = (x: number, top: number, bottom = 0.5): Shape =>
  box({ at: [x, (top + bottom) / 2], half: [0.115, (bottom - top) / 2], round: 0.05 })

const heart: Shape = together(
  turned(box({ at: [0, 0.02], half: [0.3, 0.3], round: 0.03 }), 45),
  circle(-0.23, -0.18, 0.31),
  circle(0.23, -0.18, 0.31),
)

const drop: Shape = together(
  circle(0, 0.16, 0.38),
  polygon(
    [
      [0, -0.62],
      [0.35, 0.02],
      [-0.35, 0.02],
    ],
    0.02,
  ),
)

/** By name, in no meaningful order; a title without a wish gets one of them by its adamId. */
export const GLYPHS: Readonly<Record<string, Glyph>> = {
  atom: {
    main: circle(0, 0, 0.13),
    faint: together(...[0, 60, 120].map((degrees) => turned(outline(ellipse(0.62, 0.24), 0.07), degrees))),
  },
  bolt: {
    main: polygon(
      [
        [0.12, -0.62],
        [-0.36, 0.1],
        [-0.05, 0.1],
        [-0.12, 0.62],
        [0.36, -0.12],
        [0.05, -0.12],
      ],
      0.03,
    ),
  },
  book: {
    main: together(
      polygon(
        [
          [-0.04, -0.34],
          [-0.6, -0.46],
          [-0.6, 0.36],
          [-0.04, 0.48],
        ],
        0.02,
      ),
      polygon(
        [
          [0.04, -0.34],
          [0.6, -0.46],
          [0.6, 0.36],
          [0.04, 0.48],
        ],
        0.02,
      ),
    ),
  },
  bubble: {
    main: together(
      box({ at: [0, -0.1], half: [0.56, 0.4], round: 0.24 }),
      polygon(
        [
          [-0.34, 0.2],
          [-0.4, 0.6],
          [0.0, 0.26],
        ],
        0.02,
      ),
    ),
  },
  calculator: {
    main: without(
      box({ at: [0, 0], half: [0.46, 0.6], round: 0.12 }),
      box({ at: [0, -0.32], half: [0.32, 0.13], round: 0.04 }),
      ...[-0.22, 0, 0.22].flatMap((x) => [0.06, 0.3].map((y) => circle(x, y + 0.04, 0.075))),
    ),
  },
  camera: {
    main: without(
      together(
        box({ at: [0, 0.06], half: [0.62, 0.42], round: 0.12 }),
        box({ at: [0, -0.34], half: [0.22, 0.14], round: 0.06 }),
      ),
      ring(0.25, 0.08, [0, 0.06]),
    ),
  },
  chart: { main: together(bar(-0.42, 0.1), bar(-0.14, -0.18), bar(0.14, -0.02), bar(0.42, -0.5)) },
  check: { main: together(line([-0.42, 0.06], [-0.12, 0.36], 0.2), line([-0.12, 0.36], [0.46, -0.34], 0.2)) },
  clock: {
    main: together(line([0, -0.3], [0, 0.02], 0.11), line([0, 0.02], [0.22, 0.16], 0.11), ring(0.55, 0.11)),
  },
  cloud: {
    main: together(
      circle(-0.28, 0.1, 0.27),
      circle(0.06, -0.1, 0.36),
      circle(0.38, 0.13, 0.24),
      box({ at: [0.04, 0.25], half: [0.56, 0.12], round: 0.12 }),
    ),
  },
  code: {
    main: together(
      line([-0.3, -0.3], [-0.58, 0], 0.13),
      line([-0.58, 0], [-0.3, 0.3], 0.13),
      line([0.3, -0.3], [0.58, 0], 0.13),
      line([0.58, 0], [0.3, 0.3], 0.13),
    ),
    faint: line([0.12, -0.44], [-0.12, 0.44], 0.12),
  },
  compass: {
    main: without(
      polygon(
        [
          [0.34, -0.34],
          [0.12, 0.12],
          [-0.34, 0.34],
          [-0.12, -0.12],
        ],
        0.02,
      ),
      circle(0, 0, 0.08),
    ),
    faint: ring(0.58, 0.1),
  },
  cube: {
    main: polygon(
      [
        [0, -0.6],
        [0.54, -0.3],
        [0, 0],
        [-0.54, -0.3],
      ],
      0.01,
    ),
    faint: together(
      polygon(
        [
          [-0.56, -0.22],
          [-0.04, 0.08],
          [-0.04, 0.62],
          [-0.56, 0.32],
        ],
        0.01,
      ),
      polygon(
        [
          [0.56, -0.22],
          [0.04, 0.08],
          [0.04, 0.62],
          [0.56, 0.32],
        ],
        0.01,
      ),
    ),
  },
  drop: { main: drop },
  flask: {
    main: together(
      box({ at: [0, -0.56], half: [0.24, 0.06], round: 0.05 }),
      common(
        polygon(
          [
            [-0.1, -0.5],
            [0.1, -0.5],
            [0.1, -0.16],
            [0.5, 0.52],
            [-0.5, 0.52],
            [-0.1, -0.16],
          ],
          0.05,
        ),
        (_, y) => 0.14 - y,
      ),
    ),
    faint: polygon(
      [
        [-0.1, -0.5],
        [0.1, -0.5],
        [0.1, -0.16],
        [0.5, 0.52],
        [-0.5, 0.52],
        [-0.1, -0.16],
      ],
      0.05,
    ),
  },
  globe: {
    main: together(ring(0.56, 0.09), outline(ellipse(0.25, 0.56), 0.08)),
    faint: common(
      together(
        line([-0.6, 0], [0.6, 0], 0.08),
        line([-0.6, -0.28], [0.6, -0.28], 0.07),
        line([-0.6, 0.28], [0.6, 0.28], 0.07),
      ),
      circle(0, 0, 0.56),
    ),
  },
  heart: { main: moved(heart, 0, 0.02) },
  key: {
    main: together(
      ring(0.2, 0.13, [-0.3, -0.1]),
      line([-0.06, -0.1], [0.56, -0.1], 0.13),
      line([0.36, -0.1], [0.36, 0.12], 0.12),
      line([0.54, -0.1], [0.54, 0.16], 0.12),
    ),
  },
  layers: {
    main: polygon(
      [
        [0, -0.52],
        [0.58, -0.2],
        [0, 0.12],
        [-0.58, -0.2],
      ],
      0.02,
    ),
    faint: together(
      without(
        polygon(
          [
            [0, -0.26],
            [0.58, 0.06],
            [0, 0.38],
            [-0.58, 0.06],
          ],
          0.02,
        ),
        polygon(
          [
            [0, -0.44],
            [0.62, -0.1],
            [0, 0.22],
            [-0.62, -0.1],
          ],
          0.02,
        ),
      ),
      without(
        polygon(
          [
            [0, 0],
            [0.58, 0.32],
            [0, 0.64],
            [-0.58, 0.32],
          ],
          0.02,
        ),
        polygon(
          [
            [0, -0.18],
            [0.62, 0.16],
            [0, 0.48],
            [-0.62, 0.16],
          ],
          0.02,
        ),
      ),
    ),
  },
  leaf: {
    main: without(
      common(circle(-0.24, 0.24, 0.78), circle(0.24, -0.24, 0.78)),
      line([-0.1, 0.1], [0.56, -0.56], 0.05),
    ),
    faint: line([-0.56, 0.56], [-0.1, 0.1], 0.09),
  },
  map: {
    main: together(
      polygon([
        [-0.58, -0.4],
        [-0.22, -0.54],
        [-0.22, 0.4],
        [-0.58, 0.54],
      ]),
      polygon([
        [0.18, -0.4],
        [0.58, -0.54],
        [0.58, 0.4],
        [0.18, 0.54],
      ]),
    ),
    faint: polygon([
      [-0.2, -0.54],
      [0.16, -0.4],
      [0.16, 0.54],
      [-0.2, 0.4],
    ]),
  },
  mountain: {
    main: polygon(
      [
        [-0.62, 0.46],
        [-0.12, -0.4],
        [0.2, 0.1],
        [0.34, -0.1],
        [0.64, 0.46],
      ],
      0.02,
    ),
    faint: circle(0.38, -0.4, 0.14),
  },
  note: {
    main: together(
      moved(turned(ellipse(0.19, 0.15), -20), -0.28, 0.42),
      moved(turned(ellipse(0.19, 0.15), -20), 0.3, 0.3),
      line([-0.13, 0.4], [-0.13, -0.4], 0.08),
      line([0.45, 0.28], [0.45, -0.52], 0.08),
      polygon(
        [
          [-0.13, -0.4],
          [0.45, -0.52],
          [0.45, -0.36],
          [-0.13, -0.24],
        ],
        0.04,
      ),
    ),
  },
  pencil: {
    main: turned(
      together(
        box({ at: [0, -0.12], half: [0.14, 0.42], round: 0.02 }),
        polygon(
          [
            [-0.14, 0.34],
            [0.14, 0.34],
            [0, 0.62],
          ],
          0.0,
        ),
      ),
      40,
    ),
    faint: turned(box({ at: [0, -0.62], half: [0.14, 0.06], round: 0.04 }), 40),
  },
  pin: {
    main: without(
      together(
        circle(0, -0.16, 0.42),
        polygon(
          [
            [-0.38, 0.02],
            [0.38, 0.02],
            [0, 0.62],
          ],
          0.02,
        ),
      ),
      circle(0, -0.16, 0.16),
    ),
  },
  play: {
    main: polygon(
      [
        [-0.26, -0.4],
        [0.44, 0],
        [-0.26, 0.4],
      ],
      0.09,
    ),
    faint: ring(0.64, 0.06),
  },
  puzzle: {
    main: without(
      together(
        box({ at: [-0.06, 0.1], half: [0.42, 0.42], round: 0.06 }),
        circle(-0.06, -0.4, 0.15),
        circle(0.44, 0.1, 0.15),
      ),
      circle(-0.46, 0.1, 0.14),
      circle(-0.06, 0.5, 0.14),
    ),
  },
  shield: {
    main: common(
      polygon(
        [
          [0, -0.62],
          [0.5, -0.42],
          [0.5, 0.02],
          [0.3, 0.4],
          [0, 0.62],
          [-0.3, 0.4],
          [-0.5, 0.02],
          [-0.5, -0.42],
        ],
        0.03,
      ),
      circle(0, 0, 1),
    ),
  },
  star: { main: star(5, 0.62, 0.27, 0.04) },
  sun: {
    main: circle(0, 0, 0.27),
    faint: together(
      ...Array.from({ length: 8 }, (_, index) => turned(line([0, -0.42], [0, -0.58], 0.1), index * 45)),
    ),
  },
  wave: {
    main: together(
      ...[-0.5, -0.25, 0, 0.25, 0.5].map((x, index) =>
        line(
          [x, -([0.16, 0.38, 0.56, 0.3, 0.18][index] ?? 0)],
          [x, [0.16, 0.38, 0.56, 0.3, 0.18][index] ?? 0],
          0.13,
        ),
      ),
    ),
  },
}

export const small = (glyph: Glyph, factor: number): Glyph => ({
  main: scaled(glyph.main, factor),
  ...(glyph.faint && { faint: scaled(glyph.faint, factor) }),
})
