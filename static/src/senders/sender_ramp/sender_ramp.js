import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const SIGNS = {
    amber: { icon: "fa-exclamation-triangle", title: _t("Watch") },
    red: { icon: "fa-times-circle", title: _t("Paused") },
};

const POOR = { icon: "fa-times-circle", title: _t("Poor") };

/** A sender's warm-up as a staircase: how much might leave on each day, and within it what did. */
export class SenderRamp extends Component {
    static template = "mass_mailing_cadence.SenderRamp";
    static props = { ...standardFieldProps };

    get steps() {
        const steps = this.props.record.data[this.props.name] || [];
        const most = Math.max(1, ...steps.map((step) => Math.max(step.cap, step.left)));
        return steps.map((step) => ({
            ...step,
            capHeight: (100 * step.cap) / most,
            leftHeight: (100 * step.left) / most,
            sign: SIGNS[step.light],
            number: (step.kind === "past" ? step.left : step.cap || step.left).toLocaleString(),
            title: step.cap
                ? _t("%(day)s: %(left)s of %(cap)s", {
                      day: step.label,
                      left: step.left.toLocaleString(),
                      cap: step.cap.toLocaleString(),
                  })
                : _t("%(day)s: %(left)s, without a limit", {
                      day: step.label,
                      left: step.left.toLocaleString(),
                  }),
        }));
    }
}

/** How near a sender is to where it is held and where it is paused. */
export class SenderDials extends Component {
    static template = "mass_mailing_cadence.SenderDials";
    static props = { ...standardFieldProps };

    get dials() {
        return (this.props.record.data[this.props.name] || []).map((dial) => {
            const percent = (part) =>
                `${(100 * part).toLocaleString(undefined, { maximumFractionDigits: 1 })} %`;
            const light =
                dial.part >= dial.red ? "red" : dial.part >= dial.amber ? "amber" : "green";
            return {
                ...dial,
                look: { red: "danger", amber: "warning", green: "success" }[light],
                sign: light === "red" ? POOR : SIGNS[light],
                // The scale ends a little behind where the sender is paused.
                fill: Math.min(100, (80 * dial.part) / dial.red),
                amberAt: (80 * dial.amber) / dial.red,
                text: _t("%(part)s: %(count)s of the last %(whole)s mails", {
                    part: percent(dial.part),
                    count: dial.count.toLocaleString(),
                    whole: dial.whole.toLocaleString(),
                }),
                limits: _t("held from %(amber)s, paused from %(red)s", {
                    amber: percent(dial.amber),
                    red: percent(dial.red),
                }),
            };
        });
    }
}

registry.category("fields").add("cadence_sender_ramp", {
    component: SenderRamp,
    supportedTypes: ["json"],
});
registry.category("fields").add("cadence_sender_dials", {
    component: SenderDials,
    supportedTypes: ["json"],
});
