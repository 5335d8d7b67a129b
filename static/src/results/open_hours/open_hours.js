import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

/** When persons opened: weekdays by hours of the recipients. A phone turns the picture, so that each number has its room. */
export class OpenHours extends Component {
    static template = "mass_mailing_cadence.OpenHours";
    static props = { hours: Object, test: { type: Function, optional: true } };

    setup() {
        this.clock = Array.from({ length: 24 }, (_, hour) => hour);
    }

    get most() {
        return Math.max(...this.props.hours.weekdays.flatMap((day) => day.counts));
    }

    get isTooFew() {
        return !this.props.hours.weekdays.length;
    }

    get tooFew() {
        const { total, few } = this.props.hours;
        return _t(
            "Too few to say: %(total)s mails were opened by a person, some %(few)s are needed.",
            {
                total,
                few,
            }
        );
    }

    get assumed() {
        const { assumed } = this.props.hours;
        return assumed
            ? _t(
                  "Of %s the recipient's time zone is not known: the segment's is taken.",
                  this.percent(assumed)
              )
            : "";
    }

    percent(value) {
        return `${(100 * value).toLocaleString(undefined, { maximumFractionDigits: value < 0.1 ? 1 : 0 })} %`;
    }

    /** Up to four characters: a cell has room for no more. */
    short(count) {
        return count < 1000
            ? count
            : count.toLocaleString(undefined, {
                  notation: "compact",
                  maximumFractionDigits: count < 10000 ? 1 : 0,
              });
    }

    tell(day, hour) {
        return _t("%(weekday)s, %(since)s:00 to %(until)s:00: %(count)s opened", {
            weekday: day.name,
            since: hour,
            until: (hour + 1) % 24,
            count: day.counts[hour].toLocaleString(),
        });
    }

    /** How strong a cell's colour is beside the one with the most opens. */
    strength(count) {
        return count ? (0.1 + (0.7 * count) / this.most).toFixed(2) : 0;
    }
}
