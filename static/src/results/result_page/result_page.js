import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { OpenHours } from "../open_hours/open_hours";

const SPARKS = ["delivery_rate", "open_rate", "click_rate", "reply_rate", "opt_out_rate"];
const SHOWN = [
    "delivery_rate",
    "open_rate",
    "click_rate",
    "click_delivered_rate",
    "reply_rate",
    "positive_rate",
    "conversion_rate",
    "opportunity_rate",
    "opt_out_rate",
    "bounce_rate",
    "complaint_rate",
];
const WIDTH = 600;
const HEIGHT = 48;

/** What the mails brought: every part is a sum of the same counted rows, and opens what it counts. */
export class ResultPage extends Component {
    static template = "mass_mailing_cadence.ResultPage";
    static components = { Layout, OpenHours };
    static props = { ...standardActionServiceProps };
    static displayName = _t("Results");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.lastLoad = new KeepLast();
        this.shown = SHOWN;
        this.width = WIDTH;
        this.height = HEIGHT;
        this.state = useState({
            page: null,
            filters: {},
            rate: "open_rate",
            compares: false,
        });
        onWillStart(() => this.load({}));
    }

    async load(filters) {
        const page = await this.lastLoad.add(
            this.orm.call("cadence.result", "get_page", [{ ...this.state.filters, ...filters }])
        );
        this.state.page = page;
        this.state.filters = page.filters;
    }

    get page() {
        return this.state.page;
    }

    get isEmpty() {
        return !this.page.funnel.some((step) => step.count);
    }

    get days() {
        return this.page.choices.days.map((days) => ({ days, label: _t("%s days", days) }));
    }

    label(figure) {
        return this.page.definitions[figure].label;
    }

    /** The tooltip of a rate: what it is, and between what it lies. */
    explain(figure, cell) {
        const help = this.page.definitions[figure].help;
        if (!cell || cell.value === null) {
            return help;
        }
        return `${help}\n${_t("95% sure: between %(low)s and %(high)s", {
            low: this.percent(cell.low),
            high: this.percent(cell.high),
        })}`;
    }

    /** Why a provider's cell is coloured. */
    outTitle(side) {
        return side === "high"
            ? _t("Higher than elsewhere, by more than chance")
            : _t("Lower than elsewhere, by more than chance");
    }

    percent(value) {
        return `${(100 * value).toLocaleString(undefined, { maximumFractionDigits: 2 })} %`;
    }

    number(value) {
        return value.toLocaleString();
    }

    /** A bar's width in percent of the first step of the funnel. */
    share(count) {
        return Math.min(100, (100 * count) / (this.page.funnel[0].count || 1));
    }

    /** How much better or worse than the days before, for those who compare; nothing where it may be chance. */
    compare(code) {
        const now = this.page.rates[code];
        const before = this.page.before.rates[code];
        if (!this.state.compares) {
            return null;
        }
        const isSure = ![now, before].some((cell) => cell.value === null || cell.is_small);
        const sign = now.low > before.high ? "up" : now.high < before.low ? "down" : "same";
        return { before: before.text, sign: isSure ? sign : "same" };
    }

    get sparks() {
        return SPARKS.map((code) => {
            const days = this.page.days.filter((day) => day.rates[code].value !== null);
            const most = Math.max(0, ...days.map((day) => day.rates[code].value)) || 1;
            const points = days.map((day, index) => ({
                x: days.length > 1 ? (WIDTH * index) / (days.length - 1) : WIDTH / 2,
                y: HEIGHT - 4 - ((HEIGHT - 8) * day.rates[code].value) / most,
                title: `${day.label}: ${day.rates[code].text}`,
                date: day.date,
            }));
            return {
                code,
                points,
                line: points
                    .map((point) => `${point.x.toFixed(1)},${point.y.toFixed(1)}`)
                    .join(" "),
                flags: this.flagsOf(points),
            };
        });
    }

    /** The flags at the day of the line that they are on or before. */
    flagsOf(points) {
        return this.page.flags.flatMap((flag) => {
            const point = points.find((other) => other.date >= flag.date);
            return point ? [{ x: point.x, text: flag.text, key: `${flag.date}${flag.text}` }] : [];
        });
    }

    /** How strong a batch's colour is: its rate beside the best one of the strip; none where there are too few mails. */
    strength(group, batch) {
        const cell = batch.rates[this.state.rate];
        const values = group.batches
            .map((other) => other.rates[this.state.rate])
            .filter((other) => other.value !== null && !other.is_small)
            .map((other) => other.value);
        const most = Math.max(0, ...values);
        return cell.value === null || cell.is_small || !most ? 0 : 0.1 + (0.7 * cell.value) / most;
    }

    pad(number) {
        return String(number).padStart(2, "0");
    }

    async openPart(part) {
        this.action.doAction(
            await this.orm.call("cadence.result", "get_part_action", [this.state.filters, part])
        );
    }

    async openContacts(figure) {
        this.action.doAction(
            await this.orm.call("cadence.result", "get_contacts_action", [
                this.state.filters,
                figure,
            ])
        );
    }

    async testHours() {
        this.action.doAction(
            await this.orm.call("cadence.result", "get_hours_test_action", [this.state.filters])
        );
    }

    async openHeatMap(letterId) {
        this.action.doAction(
            await this.orm.call("cadence.letter", "action_heat_map", [[letterId]])
        );
    }

    openCosts() {
        this.action.doAction("mass_mailing_cadence.cadence_cost_action");
    }

    print() {
        window.print();
    }
}

registry.category("actions").add("cadence_results", ResultPage);
