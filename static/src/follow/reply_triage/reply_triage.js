import {
    Component,
    markRaw,
    onWillStart,
    useEffect,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";
import { getActiveHotkey } from "@web/core/hotkeys/hotkey_service";
import { deserializeDateTime, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Mutex } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const SORTINGS = [
    { name: "inquiry", key: "i", label: _t("Inquiry"), look: "btn-outline-success" },
    { name: "sample", key: "s", label: _t("Sample"), look: "btn-outline-success" },
    { name: "deal", key: "d", label: _t("Deal"), look: "btn-outline-success" },
    { name: "competitor", key: "c", label: _t("Competitor"), look: "btn-outline-secondary" },
    { name: "unsubscribe", key: "u", label: _t("Unsubscribe"), look: "btn-outline-danger" },
    { name: "not_target", key: "t", label: _t("Not a target"), look: "btn-outline-secondary" },
    {
        name: "not_interested",
        key: "n",
        label: _t("Not interested"),
        look: "btn-outline-secondary",
    },
    { name: "not_reply", key: "x", label: _t("Not a reply"), look: "btn-outline-secondary" },
    {
        name: "no_send",
        key: "b",
        label: _t("Never mail this address"),
        look: "btn-outline-danger",
        kind: "ticket_robot",
    },
    {
        name: "moved",
        key: "m",
        label: _t("Use the new address"),
        look: "btn-outline-success",
        needs: "new_email",
    },
];
const KINDS = {
    person: { label: _t("Person"), look: "text-bg-success" },
    out_of_office: { label: _t("Out of office"), look: "text-bg-warning" },
    ticket_robot: { label: _t("Machine"), look: "text-bg-secondary" },
};
const PREFETCHED = 2;
const REFILL_AT = 20;
const NO_KEYS_IN = "input, textarea, select, [contenteditable], .dropdown-menu";

/** Replies to mailings, one at a time; one click or one key sorts each, and the next one shows at once. */
export class ReplyTriage extends Component {
    static template = "mass_mailing_cadence.ReplyTriage";
    static components = { Layout };
    static props = { ...standardActionServiceProps };
    static displayName = _t("Sort Replies");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.ui = useService("ui");
        this.kinds = KINDS;
        this.queueRef = useRef("queue");
        this.requested = new Set();
        // One after the other, so that an undo never overtakes what it undoes.
        this.writes = new Mutex();
        this.state = useState({
            waiting: [],
            unloaded: 0, // replies that wait on the server and are not in `waiting`
            sorted: 0,
            currentId: false,
            cards: {},
            decisions: [],
            isLoading: false,
            showsQuoted: false,
            showsAnswered: false,
            showsList: false, // on a phone, instead of the reply
            isMine: false,
        });
        onWillStart(async () => {
            const queue = await this.loadQueue();
            this.state.sorted = queue.sorted_today;
        });
        useSetupAction({ beforeLeave: () => this.writes.getUnlockedDef() });
        // On the window, behind the hotkey service: dialogs, menus and the command palette get their keys first.
        useExternalListener(window, "keydown", (ev) => this.onKeydown(ev));
        useEffect(
            () => {
                this.queueRef.el?.querySelector(".o_current")?.scrollIntoView({ block: "nearest" });
            },
            () => [this.state.currentId]
        );
    }

    // What the screen shows

    get index() {
        return this.state.waiting.findIndex((reply) => reply.id === this.state.currentId);
    }

    get current() {
        return this.state.waiting[this.index];
    }

    get card() {
        return this.state.cards[this.state.currentId];
    }

    get last() {
        return this.state.decisions.at(-1);
    }

    get place() {
        return `${this.index + 1} / ${this.state.waiting.length + this.state.unloaded}`;
    }

    get sortings() {
        return SORTINGS.filter(
            ({ kind, needs }) =>
                (!kind || kind === this.current?.kind) && (!needs || this.card?.[needs])
        );
    }

    get progress() {
        const waiting = this.state.waiting.length + this.state.unloaded;
        return {
            percent: (100 * this.state.sorted) / (this.state.sorted + waiting || 1),
            label: _t("%(sorted)s sorted, %(waiting)s waiting", {
                sorted: this.state.sorted.toLocaleString(),
                waiting: waiting.toLocaleString(),
            }),
        };
    }

    formatAgo(date) {
        return deserializeDateTime(date).toRelative({ style: "short" });
    }

    formatMoment(date) {
        return date && toLocaleDateTimeString(deserializeDateTime(date));
    }

    // The queue

    async loadQueue() {
        this.state.isLoading = true;
        try {
            // Behind the decisions on their way, or their replies would come back.
            const { isMine } = this.state;
            const queue = await this.writes.exec(() =>
                this.orm.call("cadence.reply", "get_triage_queue", [isMine])
            );
            if (isMine !== this.state.isMine) {
                return queue; // asked for another one meanwhile
            }
            const { waiting, decisions } = this.state;
            const known = new Set(
                [...waiting, ...decisions.map(({ reply }) => reply)].map((reply) => reply.id)
            );
            waiting.push(...queue.waiting.filter((reply) => !known.has(reply.id)));
            this.state.unloaded = queue.waiting_count - queue.waiting.length;
            if (!this.current) {
                this.show(0);
            }
            return queue;
        } finally {
            this.state.isLoading = false;
        }
    }

    /** All replies, or those of the user's own customers. */
    async toggleMine() {
        this.state.isMine = !this.state.isMine;
        this.state.waiting = [];
        this.state.currentId = false;
        await this.loadQueue();
    }

    show(index) {
        const { waiting } = this.state;
        const position = Math.max(0, Math.min(index, waiting.length - 1));
        this.state.currentId = waiting[position]?.id || false;
        this.state.showsList = false;
        this.state.showsQuoted = false;
        for (const reply of waiting.slice(position, position + 1 + PREFETCHED)) {
            this.loadCard(reply.id);
        }
    }

    async loadCard(id) {
        if (this.requested.has(id)) {
            return;
        }
        this.requested.add(id);
        try {
            this.state.cards[id] = await this.orm.silent.call("cadence.reply", "get_triage_card", [
                [id],
            ]);
        } catch (error) {
            this.requested.delete(id); // asked for again when it is shown
            if (id === this.state.currentId) {
                throw error;
            }
        }
    }

    // Decisions: the screen goes ahead, the server follows

    async decide(sorting) {
        // Nobody judges a reply whose text is not there yet.
        if (!this.current || !this.card) {
            return;
        }
        const decision = markRaw({ reply: this.current, index: this.index, sorting });
        const written = this.writes.exec(() => this.writeDecision(decision));
        this.take(decision); // which may ask for more replies: behind the decision
        try {
            await written;
        } catch (error) {
            if (this.state.decisions.includes(decision)) {
                // else undone already
                decision.reply.isFailed = true;
                this.putBack(decision);
            }
            throw error; // Odoo shows the server's message
        }
    }

    async undo() {
        const decision = this.last;
        if (!decision) {
            return;
        }
        this.putBack(decision);
        this.show(this.state.waiting.findIndex((reply) => reply.id === decision.reply.id));
        try {
            await this.writes.exec(
                () => !decision.isFailed && this.write("action_reopen", decision)
            );
        } catch (error) {
            this.take(decision);
            throw error;
        }
    }

    async writeDecision(decision) {
        try {
            await this.write("action_triage", decision, decision.sorting.name);
        } catch (error) {
            decision.isFailed = true; // before the next write begins, which may be its undo
            throw error;
        }
    }

    write(method, { reply }, ...args) {
        return this.orm.silent.call("cadence.reply", method, [[reply.id], ...args]);
    }

    take(decision) {
        const { waiting, decisions, currentId } = this.state;
        const index = waiting.findIndex((reply) => reply.id === decision.reply.id);
        if (index < 0) {
            return; // an undo failed, and meanwhile the reply has another sorting
        }
        waiting.splice(index, 1);
        decisions.push(decision);
        decision.reply.isFailed = false;
        this.state.sorted++;
        if (decision.reply.id === currentId) {
            this.show(index);
        }
        if (
            !this.state.isLoading &&
            (this.state.unloaded ? waiting.length <= REFILL_AT : !waiting.length)
        ) {
            this.loadQueue();
        }
    }

    /** Not under the cursor: who is about to press a key would sort another reply than the one seen. */
    putBack(decision) {
        const { waiting, decisions } = this.state;
        decisions.splice(decisions.indexOf(decision), 1);
        waiting.splice(decision.index, 0, decision.reply);
        this.state.sorted--;
        if (!this.current) {
            this.show(0);
        }
    }

    async createOpportunity() {
        const decision = this.last;
        if (decision?.sorting.name !== "inquiry") {
            return;
        }
        const action = await this.writes.exec(
            () => !decision.isFailed && this.write("action_create_opportunity", decision)
        );
        if (action) {
            this.action.doAction(action);
        }
    }

    // Keys and clicks

    onKeydown(ev) {
        const isElsewhere =
            this.ui.isBlocked ||
            this.ui.activeElement !== document ||
            ev.target.closest?.(NO_KEYS_IN);
        if (ev.defaultPrevented || ev.altKey || ev.ctrlKey || ev.metaKey || isElsewhere) {
            return;
        }
        const key = getActiveHotkey(ev);
        const sorting = this.sortings.find((sorting) => sorting.key === key);
        if (["arrowdown", "j"].includes(key)) {
            this.show(this.index + 1);
        } else if (["arrowup", "k"].includes(key)) {
            this.show(this.index - 1);
        } else if (ev.repeat) {
            return; // a key held down sorts one reply, not ten
        } else if (sorting) {
            this.decide(sorting);
        } else if (key === "z") {
            this.undo();
        } else if (key === "o") {
            this.createOpportunity();
        } else {
            return;
        }
        ev.preventDefault();
    }

    onClickSorting(ev, sorting) {
        // The second half of a double click would sort the next reply unread.
        if (ev.detail < 2) {
            this.decide(sorting);
        }
    }

    open(resModel, resId) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: resModel,
            res_id: resId,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("cadence_reply_triage", ReplyTriage);
