import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("cadence_design", {
    steps: () => [
        {
            content: "The card of a letter in its segment",
            trigger: "a[name=letters]",
            run: "click",
        },
        { trigger: ".o_kanban_record button[name=action_design]", run: "click" },
        {
            content: "The design, and nothing to send it with",
            trigger: ".o_mass_mailing_mailing_form:contains(design of a letter)",
        },
        {
            trigger:
                ".o_form_view:not(:has(button[name=action_launch])):not(:has(button[name=action_schedule])):not(:has([name=mailing_domain]))",
        },
        { content: "Back", trigger: ".breadcrumb-item a:contains(English)", run: "click" },
        { trigger: "a[name=letters]", run: "click" },
        { trigger: ".o_kanban_record button[name=action_preview]", run: "click" },
        { content: "For a real contact", trigger: ".modal .o_cadence_letter_page" },
        { trigger: ".modal [name=partner_id] input:value(Contact)" },
        { trigger: ".modal button[special=cancel]", run: "click" },
        { trigger: "body:not(:has(.modal))" },
    ],
});
