import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const WIDTHS = [
    { width: 600, label: _t("Desktop") },
    { width: 375, label: _t("Mobile") },
];

/** Where people click in a letter: coloured over the letter itself, and beside it as a list. */
export class HeatMap extends Component {
    static template = "mass_mailing_cadence.HeatMap";
    static components = { Layout };
    static props = { ...standardActionServiceProps };
    static displayName = _t("Where People Click");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.lastLoad = new KeepLast();
        this.widths = WIDTHS;
        const { params, context } = this.props.action;
        this.state = useState({
            map: null,
            letterId: params?.letter_id || context?.active_id,
            filters: {},
            width: WIDTHS[0].width,
            number: null,
        });
        onWillStart(() => this.load({}));
    }

    async load(filters, letterId = this.state.letterId) {
        const map = await this.lastLoad.add(
            this.orm.call("cadence.letter", "get_heat_map", [
                letterId,
                { ...this.state.filters, ...filters },
            ])
        );
        this.state.map = map;
        this.state.letterId = letterId;
        this.state.filters = map.filters;
    }

    get map() {
        return this.state.map;
    }

    /** The list, the most clicked link first. */
    get links() {
        return [...this.map.links].sort((a, b) => b.count - a.count || a.number - b.number);
    }

    percent(share) {
        return `${(100 * share).toFixed(share && share < 0.1 ? 1 : 0)} %`;
    }

    /** How strong a link's colour is beside the most clicked one. */
    strength(link) {
        const most = Math.max(...this.map.links.map((other) => other.count));
        return most ? link.count / most : 0;
    }

    color(link) {
        return `rgba(220, 53, 69, ${(0.12 + 0.5 * this.strength(link)).toFixed(2)})`;
    }

    /** The letter with its colours. The frame runs no scripts and reaches nothing around it, so the colours are its own styles. */
    get html() {
        const styles = this.map.links.map((link) => {
            const at = `a[data-cadence-link="${link.number}"]`;
            const frame = link.number === this.state.number ? "outline:3px solid #dc3545" : "";
            return (
                `${at}{position:relative;box-shadow:inset 0 0 0 99em ${this.color(link)};${frame}}` +
                `${at}::after{content:"${this.percent(link.share)}";position:absolute;top:-9px;right:-6px;padding:0 3px;` +
                `border-radius:6px;background:#dc3545;color:#fff;font:bold 11px/14px sans-serif;white-space:nowrap;z-index:9}`
            );
        });
        return `<style>body{margin:12px}${styles.join("")}</style>${this.map.html}`;
    }

    async openContacts(number) {
        this.action.doAction(
            await this.orm.call("cadence.letter", "get_heat_contacts", [
                this.state.letterId,
                this.state.filters,
                number,
            ])
        );
    }
}

registry.category("actions").add("cadence_heat_map", HeatMap);
