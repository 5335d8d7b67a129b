import { Component, onWillUnmount, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const POLL_MS = 1000;

/** The bar of an intake that the crons work on: asks for news once a second, and loads the form anew when its state changes. */
export class IntakeProgress extends Component {
    static template = "mass_mailing_cadence.IntakeProgress";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ progress: this.props.record.data[this.props.name] });
        this.poll = setInterval(() => this.ask(), POLL_MS);
        onWillUnmount(() => clearInterval(this.poll));
    }

    async ask() {
        const { record } = this.props;
        if (this.isAsking || !["reading", "saving", "undoing"].includes(record.data.state)) {
            return;
        }
        this.isAsking = true;
        try {
            const progress = await this.orm.silent.call("cadence.intake", "get_progress", [
                record.resId,
            ]);
            this.state.progress = progress;
            if (progress.state !== record.data.state || progress.paused !== record.data.paused) {
                await record.load();
            }
        } catch (error) {
            clearInterval(this.poll); // the session has ended, or somebody has deleted the intake
            throw error;
        } finally {
            this.isAsking = false;
        }
    }

    get percent() {
        return Math.floor(100 * (this.state.progress?.share || 0));
    }

    get isMoving() {
        return !this.state.progress?.paused;
    }

    get title() {
        const { state, paused } = this.state.progress || {};
        if (paused) {
            return _t("Paused");
        }
        return (
            { reading: _t("Reading and comparing"), saving: _t("Saving"), undoing: _t("Undoing") }[
                state
            ] || ""
        );
    }

    get figures() {
        const { done, total, rate, seconds_left } = this.state.progress || {};
        const figures = [
            total
                ? _t("%(done)s of %(total)s rows", {
                      done: done.toLocaleString(),
                      total: total.toLocaleString(),
                  })
                : _t("%s rows", (done || 0).toLocaleString()),
        ];
        if (rate) {
            figures.push(_t("%s a second", rate.toLocaleString()));
        }
        if (seconds_left) {
            figures.push(
                seconds_left < 90
                    ? _t("%s s left", seconds_left)
                    : _t("%s min left", Math.round(seconds_left / 60))
            );
        }
        return figures.join(" · ");
    }
}

registry.category("fields").add("cadence_intake_progress", {
    component: IntakeProgress,
    supportedTypes: ["json"],
    fieldDependencies: [
        { name: "state", type: "selection" },
        { name: "paused", type: "boolean" },
    ],
});
