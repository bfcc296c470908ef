// The look as a Mantine theme: tokens first, then the few components whose defaults we change.
import {
  createTheme,
  defaultVariantColorsResolver,
  type CSSVariablesResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core';
import css from './styles/mantine.module.css';

const light = {
  '--hr-bg': '#fcfcfb',
  '--hr-surface': '#ffffff',
  '--hr-sunken': '#f5f5f2',
  '--hr-side': '#f6f6f3',
  '--hr-hover': '#f1f1ed',
  '--hr-line': '#e7e7e2',
  '--hr-line-2': '#d6d6d0',
  '--hr-field': '#8e8e88',
  '--hr-ink': '#17191c',
  '--hr-ink-2': '#505357',
  '--hr-ink-3': '#686b6f',
  '--hr-accent': '#2a55d4',
  '--hr-accent-soft': '#edf1fd',
  '--hr-accent-line': '#b9c8f6',
  '--hr-ok': '#17704a',
  '--hr-ok-soft': '#e8f4ed',
  '--hr-ok-fill': '#2f9e6b',
  '--hr-warn': '#875400',
  '--hr-warn-soft': '#fcf2dd',
  '--hr-warn-fill': '#c0830f',
  '--hr-warn-line': '#ecd49c',
  '--hr-bad': '#b3261e',
  '--hr-bad-soft': '#fdeeec',
  '--hr-bad-fill': '#d6473d',
  '--hr-bad-line': '#f1c1bc',
  '--hr-data': '#6a3fa0',
  '--hr-data-soft': '#f3eefa',
  '--hr-data-line': '#d9c9ee',
  '--hr-leak': '#c00d52',
  '--hr-leak-soft': '#fdecf2',
  '--hr-leak-line': '#f0adc6',
  '--hr-bar': '#8b9096',
  '--hr-solid': '#17191c',
  '--hr-on-solid': '#ffffff',
  '--hr-dot': '#dcdcd6',
  '--hr-edge': '#92928b',
  '--hr-shadow': '0 1px 2px rgb(23 25 28 / 0.05)',
  '--hr-pop': '0 8px 28px rgb(23 25 28 / 0.14), 0 0 0 1px rgb(23 25 28 / 0.06)',
  '--hr-on-accent': '#ffffff',
};

const dark: typeof light = {
  '--hr-bg': '#0f1113',
  '--hr-surface': '#15181b',
  '--hr-sunken': '#0b0d0e',
  '--hr-side': '#0b0d0e',
  '--hr-hover': '#1c2024',
  '--hr-line': '#24292e',
  '--hr-line-2': '#343b42',
  '--hr-field': '#6c747c',
  '--hr-ink': '#eceef0',
  '--hr-ink-2': '#adb3ba',
  '--hr-ink-3': '#8f969e',
  '--hr-accent': '#91abff',
  '--hr-accent-soft': '#182240',
  '--hr-accent-line': '#33457f',
  '--hr-ok': '#62cb95',
  '--hr-ok-soft': '#10261b',
  '--hr-ok-fill': '#3aa873',
  '--hr-warn': '#e4b252',
  '--hr-warn-soft': '#2a200c',
  '--hr-warn-fill': '#c98d1b',
  '--hr-warn-line': '#57431a',
  '--hr-bad': '#ff9187',
  '--hr-bad-soft': '#311513',
  '--hr-bad-fill': '#e05a50',
  '--hr-bad-line': '#632a26',
  '--hr-data': '#c3a7f3',
  '--hr-data-soft': '#211932',
  '--hr-data-line': '#46366a',
  '--hr-leak': '#ff7ba6',
  '--hr-leak-soft': '#36111f',
  '--hr-leak-line': '#7a2546',
  '--hr-bar': '#69717a',
  '--hr-solid': '#eceef0',
  '--hr-on-solid': '#121416',
  '--hr-dot': '#252a2f',
  '--hr-edge': '#5f6973',
  '--hr-shadow': 'none',
  '--hr-pop': '0 12px 36px rgb(0 0 0 / 0.55), 0 0 0 1px rgb(255 255 255 / 0.08)',
  '--hr-on-accent': '#0e1114',
};

/** Mantine wants ten shades; ours come from tokens, so this ramp only feeds components we have not restyled. */
const ink: MantineColorsTuple = [
  '#fcfcfb',
  '#f5f5f2',
  '#e7e7e2',
  '#d6d6d0',
  '#adb3ba',
  '#8e8e88',
  '#686b6f',
  '#505357',
  '#2a2d31',
  '#17191c',
];

const mapped = {
  '--mantine-color-body': 'var(--hr-bg)',
  '--mantine-color-text': 'var(--hr-ink)',
  '--mantine-color-dimmed': 'var(--hr-ink-3)',
  '--mantine-color-placeholder': 'var(--hr-ink-3)',
  '--mantine-color-anchor': 'var(--hr-accent)',
  '--mantine-color-error': 'var(--hr-bad)',
  '--mantine-color-default': 'var(--hr-surface)',
  '--mantine-color-default-hover': 'var(--hr-hover)',
  '--mantine-color-default-color': 'var(--hr-ink)',
  '--mantine-color-default-border': 'var(--hr-line-2)',
  '--mantine-color-disabled': 'var(--hr-sunken)',
  '--mantine-color-disabled-color': 'var(--hr-ink-3)',
  '--mantine-color-disabled-border': 'var(--hr-line-2)',
};

export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: { ...light, ...mapped },
  dark: { ...dark, ...mapped },
});

const filled = (background: string, color: string) => ({
  background,
  hover: `color-mix(in srgb, ${background} 90%, transparent)`,
  color,
  border: `1px solid ${background}`,
});

const variantColorResolver: VariantColorsResolver = (input) => {
  switch (input.variant) {
    case 'filled':
      return filled('var(--hr-solid)', 'var(--hr-on-solid)');
    case 'danger':
      return filled('var(--hr-bad)', 'var(--hr-surface)');
    case 'default':
      return {
        background: 'var(--hr-surface)',
        hover: 'var(--hr-hover)',
        color: 'var(--hr-ink)',
        border: '1px solid var(--hr-line-2)',
      };
    case 'refuse':
      return {
        background: 'var(--hr-surface)',
        hover: 'var(--hr-hover)',
        color: 'var(--hr-bad)',
        border: '1px solid var(--hr-line-2)',
      };
    case 'subtle':
      return {
        background: 'transparent',
        hover: 'var(--hr-hover)',
        color: 'var(--hr-ink-2)',
        border: '1px solid transparent',
      };
    default:
      return defaultVariantColorsResolver(input);
  }
};

const sans = 'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';
const mono = 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace';

const fields = { label: css.label, input: css.input, error: css.error, description: css.help };

export const theme = createTheme({
  colors: { ink },
  primaryColor: 'ink',
  primaryShade: { light: 9, dark: 0 },
  autoContrast: true,
  variantColorResolver,
  fontFamily: `"Geist Variable", ${sans}`,
  fontFamilyMonospace: `"Geist Mono Variable", ${mono}`,
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '15px', xl: '18px' },
  lineHeights: { xs: '1.334', sm: '1.4', md: '1.43', lg: '1.46', xl: '1.34' },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '22px', lineHeight: '28px' },
      h2: { fontSize: '15px', lineHeight: '22px' },
      h3: { fontSize: '13px', lineHeight: '20px' },
    },
  },
  spacing: { xs: '4px', sm: '8px', md: '16px', lg: '28px', xl: '40px' },
  radius: { xs: '4px', sm: '6px', md: '10px', lg: '12px', xl: '16px' },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
  // Plain objects: naming a component here must not load it.
  components: {
    Button: { defaultProps: { variant: 'default', size: 'sm' }, classNames: { root: css.button } },
    TextInput: { classNames: fields },
    PasswordInput: {
      classNames: { ...fields, innerInput: css.inner },
      defaultProps: { visibilityToggleButtonProps: { 'aria-label': 'Show or hide the password' } },
    },
    Textarea: { classNames: { ...fields, input: css.area } },
    NativeSelect: { classNames: fields },
    Autocomplete: { classNames: fields },
    Select: { classNames: fields, defaultProps: { comboboxProps: { withinPortal: true } } },
    Checkbox: {
      defaultProps: { size: 'xs', radius: 'xs' },
      classNames: { label: css.check, input: css.box, icon: css.tick },
    },
    Radio: {
      defaultProps: { size: 'xs' },
      classNames: { label: css.check, radio: css.box },
    },
    Modal: {
      defaultProps: {
        centered: true,
        radius: 'lg',
        size: 460,
        overlayProps: { backgroundOpacity: 0.35 },
        // Mantine's is a header element: a page has one banner.
        attributes: { header: { role: 'presentation' } },
      },
      classNames: { title: css.title, content: css.content, header: css.header, body: css.body },
    },
    // Its first item takes the focus, not an empty element before it.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    // A dialog's header is no banner of the page.
    ModalHeader: { defaultProps: { role: 'presentation' } },
    DrawerHeader: { defaultProps: { role: 'presentation' } },
    Alert: { classNames: { root: css.alert } },
    SegmentedControl: {
      defaultProps: { size: 'xs', withItemsBorders: false, transitionDuration: 0 },
      classNames: { root: css.segments, indicator: css.indicator, label: css.segment },
    },
    Skeleton: { defaultProps: { radius: 'xs' }, classNames: { root: css.skeleton } },
  },
  breakpoints: { xs: '24.375em', sm: '45em', md: '67.5em', lg: '80em', xl: '96em' },
});
