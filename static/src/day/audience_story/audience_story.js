import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** A run's audience from everybody tagged to those mailed, as a waterfall whose every number opens its contacts. */
export class AudienceStory extends Component {
    static template = "mass_mailing_cadence.AudienceStory";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    /** The story's steps with where their bars begin and end, in percent of the whole audience. */
    get steps() {
        const story = this.props.record.data[this.props.name] || [];
        const total = story[0]?.count || 1;
        let left = story[0]?.count || 0;
        return story.map((step) => {
            const isWhole = step.kind === "start" || step.kind === "reserved";
            const end = left;
            if (!isWhole) {
                left -= step.count;
            }
            return {
                ...step,
                number: step.count.toLocaleString(),
                sign: isWhole ? "" : "−",
                start: isWhole ? 0 : (100 * left) / total,
                width: (100 * step.count) / total,
                end: (100 * end) / total,
            };
        });
    }

    async open(step) {
        if (step.count) {
            const action = await this.orm.call("cadence.run", "action_open_outcome", [
                [this.props.record.resId],
                step.key,
            ]);
            this.action.doAction(action);
        }
    }
}

registry.category("fields").add("cadence_audience_story", {
    component: AudienceStory,
    supportedTypes: ["json"],
});
