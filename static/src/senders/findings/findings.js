import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

export const SIGNS = {
    block: { icon: "fa-times-circle text-danger", title: _t("Mend it") },
    warn: { icon: "fa-exclamation-triangle text-warning", title: _t("Could be better") },
    info: { icon: "fa-info-circle text-info", title: _t("Hint") },
    ok: { icon: "fa-check-circle text-success", title: _t("Fine") },
};

/** What is wrong, the worst first: a sentence each, the place, and a button where the module can mend it. */
export class Findings extends Component {
    static template = "mass_mailing_cadence.Findings";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
    }

    get list() {
        return this.props.record.data[this.props.name] || [];
    }

    get findings() {
        return this.list.map((finding) => ({
            ...finding,
            sign: SIGNS[finding.severity],
        }));
    }

    /** Somebody looks at one of them: whoever shows the letter beside them points at its place. */
    point(_number) {}

    async mend(finding) {
        const record = this.props.record;
        if (await record.save()) {
            await this.orm.call(record.resModel, "action_mend", [[record.resId], finding.code]);
            await record.load();
        }
    }

    async copy(text) {
        await navigator.clipboard.writeText(text);
        this.notification.add(text, { type: "success" });
    }
}

registry.category("fields").add("cadence_findings", {
    component: Findings,
    supportedTypes: ["json"],
});
