import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const WIDTH = 600;
const HEIGHT = 60;

/** What a test knows: between what each letter's rate lies on one axis, and the evidence that climbs to the line of decision. */
export class TestPicture extends Component {
    static template = "mass_mailing_cadence.TestPicture";
    static props = { ...standardFieldProps };

    setup() {
        this.width = WIDTH;
        this.height = HEIGHT;
    }

    get picture() {
        return this.props.record.data[this.props.name];
    }

    /** The axis ends at the highest bound. */
    get most() {
        return Math.max(...this.picture.variants.map((variant) => variant.high)) || 1;
    }

    get bars() {
        return this.picture.variants.map((variant) => ({
            ...variant,
            left: (100 * variant.low) / this.most,
            width: Math.max(0.5, (100 * (variant.high - variant.low)) / this.most),
            at: (100 * (variant.value || 0)) / this.most,
        }));
    }

    /** On a scale of tenfolds: none below, decided at the top. */
    y(evidence) {
        const share = Math.log10(Math.max(1, evidence)) / Math.log10(this.picture.decided);
        return HEIGHT - 4 - (HEIGHT - 8) * Math.min(1, share);
    }

    get line() {
        const { looks } = this.picture;
        return looks
            .map(([, evidence], index) => {
                const x = looks.length > 1 ? (WIDTH * index) / (looks.length - 1) : 0;
                return `${x.toFixed(1)},${this.y(evidence).toFixed(1)}`;
            })
            .join(" ");
    }
}

registry.category("fields").add("cadence_test_picture", {
    component: TestPicture,
    supportedTypes: ["json"],
});
