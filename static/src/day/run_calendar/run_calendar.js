import { serializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { CalendarCommonRenderer } from "@web/views/calendar/calendar_common/calendar_common_renderer";
import { CalendarController } from "@web/views/calendar/calendar_controller";
import { CalendarModel } from "@web/views/calendar/calendar_model";
import { CalendarRenderer } from "@web/views/calendar/calendar_renderer";
import { calendarView } from "@web/views/calendar/calendar_view";

const COLORS = { planned: 4, mailed: 10, blocked: 1, off: 0 };

/** A month of many segments shows the sums of its days; the server knows where single runs would not fit. */
export class RunCalendarModel extends CalendarModel {
    async loadRecords(data) {
        if (this.meta.scale === "month") {
            const days = await this.orm.call(this.meta.resModel, "get_calendar_days", [
                this.computeDomain(data),
            ]);
            if (days.length) {
                return Object.fromEntries(days.map((day) => [day.id, this.normalizeDay(day)]));
            }
        }
        return super.loadRecords(data);
    }

    /** The panel's boxes are of single records; sums are narrowed by the search. */
    async loadDynamicFilters(data, filtersInfo) {
        const hasSums = Object.values(data.records).some((record) => record.day);
        return hasSums ? {} : super.loadDynamicFilters(data, filtersInfo);
    }

    normalizeDay(day) {
        const record = this.normalizeRecord({
            id: day.id,
            display_name: day.title,
            [this.meta.fieldMapping.date_start]: day.date,
        });
        return { ...record, colorIndex: COLORS[day.kind], day };
    }
}

/** Runs follow from their batches: who drags one is told so, and it stays where it is. */
class RunCalendarCommonRenderer extends CalendarCommonRenderer {
    setup() {
        super.setup();
        this.notification = useService("notification");
    }

    get options() {
        return {
            ...super.options,
            editable: true,
            eventDurationEditable: false,
            eventDrop: (info) => this.explainDrop(info),
        };
    }

    /** The sum of a day has nothing to say in a popover. */
    onClick(info) {
        const record = this.props.model.records[info.event.id];
        return record.day ? this.props.editRecord(record) : super.onClick(info);
    }

    explainDrop(info) {
        info.revert();
        this.notification.add(
            _t(
                "A run stays on the day of its batch. To mail contacts on another day, move them into another batch; for a whole rhythm, change its tag group."
            ),
            { type: "info" }
        );
    }
}

class RunCalendarRenderer extends CalendarRenderer {
    static components = {
        ...CalendarRenderer.components,
        day: RunCalendarCommonRenderer,
        week: RunCalendarCommonRenderer,
        month: RunCalendarCommonRenderer,
    };
}

/** A day that is clicked says why nothing is on it, as nobody makes runs by hand. */
class RunCalendarController extends CalendarController {
    setup() {
        super.setup();
        this.notification = useService("notification");
    }

    /** A phone begins with today's runs, each on a line of its own; a month has no room for their names. */
    get modelParams() {
        const params = super.modelParams;
        return this.env.isSmall ? { ...params, scale: "day" } : params;
    }

    get className() {
        return `${super.className} o_cadence_run_calendar`;
    }

    /** The sum of a day opens its runs. */
    editRecord(record, context = {}) {
        if (!record.day) {
            return super.editRecord(record, context);
        }
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: `${record.start.toLocaleString(luxon.DateTime.DATE_FULL)}: ${record.day.title}`,
            res_model: this.model.resModel,
            domain: [...this.model.meta.domain, ...record.day.domain],
            views: [
                [false, "list"],
                [false, "kanban"],
                [false, "form"],
            ],
        });
    }

    async createRecord(record) {
        const note = await this.orm.call("cadence.run", "get_day_note", [
            serializeDate(record.start),
        ]);
        this.notification.add(note, { type: "info" });
    }
}

registry.category("views").add("cadence_run_calendar", {
    ...calendarView,
    Controller: RunCalendarController,
    Model: RunCalendarModel,
    Renderer: RunCalendarRenderer,
});
