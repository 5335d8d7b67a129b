import { useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Findings, SIGNS } from "../findings/findings";

const SIZES = [
    { code: "desktop", label: _t("Desktop"), icon: "fa-desktop", width: "100%" },
    { code: "phone", label: _t("Mobile"), icon: "fa-mobile", width: "375px" },
];
// How grave a fault is can be told by the line around it as well as by its colour.
const OUTLINES = {
    block: "4px double #dc3545",
    warn: "2px dashed #fd7e14",
    info: "2px dotted #0dcaf0",
};
// As mail programs darken a letter that has no colours for it: all of it but the pictures.
const DARK =
    "html{background:#fff;filter:invert(1) hue-rotate(180deg)}img{filter:invert(1) hue-rotate(180deg)}";

/** The mail at left, as its reader gets it, with its faults outlined; at right what they are, and what mends them. */
export class LetterCheck extends Findings {
    static template = "mass_mailing_cadence.LetterCheck";

    setup() {
        super.setup();
        this.sizes = SIZES;
        this.frame = useRef("page");
        this.state = useState({ size: "desktop", isDark: false });
    }

    get page() {
        return this.props.record.data[this.props.name] || null;
    }

    get list() {
        return this.page?.findings || [];
    }

    get width() {
        return SIZES.find((size) => size.code === this.state.size).width;
    }

    get html() {
        const styles = this.page.findings.map(
            (finding, number) =>
                `[data-cadence-finding="${number}"]{outline:${
                    OUTLINES[finding.severity] || OUTLINES.warn
                };outline-offset:2px}`
        );
        return `<style>body{margin:8px;overflow-wrap:anywhere}img{max-width:100%}${styles.join("")}${
            this.state.isDark ? DARK : ""
        }</style><style id="pointed"></style>${this.page.html}`;
    }

    /** Show the place of a finding. The frame is of our origin for that, and runs no scripts. */
    point(number) {
        const page = this.frame.el?.contentDocument;
        const style = page?.getElementById("pointed");
        if (!style) {
            return;
        }
        const at = `[data-cadence-finding="${number}"]`;
        style.textContent = number === null ? "" : `${at}{outline-style:solid;outline-width:4px}`;
        if (number !== null) {
            page.querySelector(at)?.scrollIntoView({ block: "center" });
        }
    }

    get lineSign() {
        return SIGNS[this.lineFault];
    }

    /** How grave it is what the line in the list of mails gets wrong: "", warn or block. */
    get lineFault() {
        const found = this.list.filter((finding) => finding.place === "subject");
        return found.some((finding) => finding.severity === "block")
            ? "block"
            : found.length
              ? "warn"
              : "";
    }
}

registry.category("fields").add("cadence_letter_check", {
    component: LetterCheck,
    supportedTypes: ["json"],
});
