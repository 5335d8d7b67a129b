// [text, contrast] of what is written with too little contrast to what lies behind it, in the styles of this module.
(() => {
    const MOST = 20;
    const NOT_OURS = ":disabled, .disabled, iframe, kbd, sup, .o_control_panel, .btn-primary, .fc-timegrid-axis, .fc-daygrid-day-top";
    const parse = (color) => {
        const [r, g, b, a = 1] = (color.match(/[\d.]+/g) || [0, 0, 0, 0]).map(Number);
        return color.startsWith("color(") ? [r * 255, g * 255, b * 255, a] : [r, g, b, a];
    };
    const over = ([r, g, b, a], below) => [r, g, b].map((part, at) => part * a + below[at] * (1 - a));
    const luminance = (color) => {
        const [r, g, b] = color.map((part) => {
            const share = part / 255;
            return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    // How opaque an element is with all around it.
    const opacity = (node) => {
        let product = 1;
        for (let each = node; each instanceof Element; each = each.parentElement) {
            product *= Number(getComputedStyle(each).opacity);
        }
        return product;
    };
    const found = new Map();
    const walker = document.createTreeWalker(document.querySelector(".o_action_manager"), NodeFilter.SHOW_TEXT);
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
        const node = text.parentElement;
        if (!text.data.trim() || !node.closest("[class*=o_cadence]") || node.closest(NOT_OURS)) {
            continue;
        }
        const range = document.createRange();
        range.selectNodeContents(text);
        const box = range.getBoundingClientRect();
        const stack = document.elementsFromPoint(box.x + box.width / 2, box.y + box.height / 2);
        const at = stack.indexOf(node);
        if (!box.width || at < 0) {
            continue; // out of sight
        }
        // What lies over it and takes no room of its own, such as a cover that is clicked, is not behind it.
        let behind = [255, 255, 255];
        for (const each of stack.slice(at).reverse()) {
            const [r, g, b, a] = parse(getComputedStyle(each).backgroundColor);
            behind = over([r, g, b, a * opacity(each)], behind);
        }
        const style = getComputedStyle(node);
        const [r, g, b, a] = parse(style.color);
        const [bright, dark] = [luminance(over([r, g, b, a * opacity(node)], behind)), luminance(behind)].sort((x, y) => y - x);
        const contrast = (bright + 0.05) / (dark + 0.05);
        const size = parseFloat(style.fontSize);
        const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
        if (contrast < (isLarge ? 3 : 4.5)) {
            found.set(`${node.className}`.slice(0, 60), [text.data.trim().slice(0, 30), contrast.toFixed(2)]);
        }
    }
    return [...found].slice(0, MOST).map(([name, [text, contrast]]) => `faint: ${text} (${name}) ${contrast}`);
})()
