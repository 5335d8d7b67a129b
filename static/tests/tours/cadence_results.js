import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const back = [
    { trigger: ".breadcrumb-item a:contains(Results), .o_back_button a", run: "click" },
    { content: "The page again", trigger: ".o_cadence_results .o_cadence_funnel_step" },
];
const opens = (trigger, shows) => [{ trigger, run: "click" }, { trigger: shows }, ...back];
const figure = (name, shows = ".o_data_row") =>
    opens(`.o_cadence_funnel_step[data-figure=${name}]`, shows);

tours.add("cadence_results", {
    steps: () => [
        {
            content: "Eight mails",
            trigger: ".o_cadence_funnel_step[data-figure=mailed]:contains(8)",
        },
        { content: "Few are told as fractions", trigger: "[data-rate=open_rate]:contains(4 / 8)" },
        { content: "Too few for hours", trigger: ".o_cadence_hours_few:contains(: 4 mails)" },
        ...figure("mailed", ".o_data_row:nth-child(8)"),
        ...figure("delivered", ".o_data_row:nth-child(8)"),
        ...figure("opened", ".o_data_row:nth-child(4)"),
        ...figure("clicked", ".o_data_row:nth-child(2)"),
        ...figure("replied"),
        ...figure("opportunities"),
        ...figure("won"),
        ...opens(".o_cadence_spark circle", ".o_pivot"),
        ...opens(".o_cadence_strip_cell:enabled", ".o_pivot"),
        ...opens(".o_cadence_providers tbody button", ".o_pivot"),
        ...opens(".o_cadence_letter", ".o_pivot"),
        {
            content: "Another rate colours the strip",
            trigger: "[data-rate=reply_rate]",
            run: "click",
        },
        { trigger: "h3:contains(By batch):contains(Reply Rate)" },
        { content: "A week", trigger: "[data-days='7']", run: "click" },
        { trigger: "[data-days='7'].active" },
        { content: "Compare", trigger: "[name=compare]", run: "click" },
        { trigger: ".o_cadence_figure:contains(before)" },
        { trigger: "button[name=explore]", run: "click" },
        { trigger: ".o_pivot" },
        { trigger: ".o_switch_view.o_graph", run: "click" },
        { trigger: ".o_graph_renderer canvas" },
        { trigger: ".o_switch_view.o_list", run: "click" },
        { trigger: ".o_data_row" },
    ],
});

tours.add("cadence_results_cost", {
    steps: () => [
        { trigger: "[data-money=roi]:contains(no cost yet)" },
        { trigger: "button[name=costs]", run: "click" },
        { trigger: ".o_list_button_add", run: "click" },
        { trigger: "[name=name] input", run: "edit Mail server" },
        { trigger: "[name=amount] input", run: "edit 80" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved" },
    ],
});

tours.add("cadence_heat_map", {
    steps: () => [
        { trigger: "button[name=action_heat_map]", run: "click" },
        { content: "Over the letter", trigger: ".o_cadence_heat_letter" },
        {
            content: "The most clicked link first",
            trigger: ".o_cadence_heat tbody tr:first-child:contains(Prices):contains(2)",
        },
        {
            content: "Two buttons to one page are two links",
            trigger: ".o_cadence_heat tbody tr:nth-child(2):contains(Catalogue):contains(1)",
            run() {
                const frame = document.querySelector(".o_cadence_heat_letter");
                const marks = frame.getAttribute("srcdoc").match(/data-cadence-link="\d"/g);
                if (new Set(marks).size !== 2) {
                    throw new Error("The links are not marked in the letter");
                }
            },
        },
        { content: "On a phone", trigger: "[data-width='375']", run: "click" },
        {
            trigger: ".o_cadence_heat_letter",
            run() {
                if (this.anchor.offsetWidth !== 375) {
                    throw new Error(`A phone is not ${this.anchor.offsetWidth} px wide`);
                }
            },
        },
        { content: "A week", trigger: ".o_cadence_heat [data-days='7']", run: "click" },
        { trigger: ".o_cadence_heat [data-days='7'].active" },
        {
            content: "Who it was",
            trigger: ".o_cadence_heat tr:contains(Prices) button",
            run: "click",
        },
        { trigger: ".o_data_row:nth-child(2)" },
    ],
});

tours.add("cadence_letter_test", {
    steps: () => [
        { trigger: "button[name=action_test]", run: "click" },
        { content: "A new test", trigger: ".o_form_view [name=metric]" },
        { content: "What it compares", trigger: ".o_form_button_save", run: "click" },
        { trigger: "button[name=action_start]", run: "click" },
        { trigger: ".modal-footer .btn-primary", run: "click" },
        { trigger: ".o_arrow_button_current:contains(Running)" },
        { content: "Both letters", trigger: "[name=arm_ids] .o_data_row:nth-child(2)" },
        { content: "What is known", trigger: "[name=sentence]:contains(needs about)" },
    ],
});

tours.add("cadence_hours_test", {
    steps: () => [
        { trigger: ".o_cadence_hours_test", run: "click" },
        {
            content: "Sending times",
            trigger:
                ".o_form_view [name=kind] input:checked:not(:visible), .o_form_view [name=kind]",
        },
        { content: "The segment's own", trigger: "[name=arm_ids] .o_data_row:contains(09:00)" },
        { trigger: "[name=arm_ids] .o_field_x2many_list_row_add a", run: "click" },
        { trigger: "[name=arm_ids] .o_selected_row [name=hour] input", run: "edit 15:30" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: "button[name=action_start]", run: "click" },
        {
            content: "What it means",
            trigger: ".modal-body:contains(at one of these hours)",
        },
        { trigger: ".modal-footer .btn-primary", run: "click" },
        { trigger: ".o_arrow_button_current:contains(Running)" },
        { content: "What is known", trigger: "[name=sentence]:contains(needs about)" },
        { trigger: "button[name=action_stop]", run: "click" },
        { trigger: "[name=sentence]:contains(stopped before)" },
    ],
});
