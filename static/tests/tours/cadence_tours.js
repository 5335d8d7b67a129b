import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("cadence_save_addresses", {
    steps: () => [
        { content: "A new intake", trigger: ".o_list_button_add", run: "click" },
        {
            content: "Its segment",
            trigger: "[name=segment_id] input",
            run: "edit English-Equipment",
        },
        { trigger: ".dropdown-item:contains(English-Equipment dealers)", run: "click" },
        {
            content: "Paste addresses: two of one company, one of them twice, one broken",
            trigger: "[name=pasted_text] textarea",
            run: "edit Ana Silva <ana@tour.example>; bob@tour.example; ANA@tour.example; broken@",
        },
        { trigger: "button[name=action_preview]", run: "click" },
        {
            content: "The plan shows one batch with both ranks",
            trigger: ".o_cadence_plan td:contains(1–2)",
        },
        { trigger: ".o_cadence_intake_counts button:contains(1 duplicates)" },
        { trigger: ".o_cadence_intake_counts button:contains(1 invalid)", run: "click" },
        { content: "The broken row and its reason", trigger: ".o_data_row:contains(broken@)" },
        {
            trigger: ".breadcrumb-item a:contains(Pasted addresses), .o_back_button a",
            run: "click",
        },
        { trigger: "button[name=action_save]", run: "click" },
        { trigger: ".o_arrow_button_current:contains(Saved)" },
        { trigger: "button[name=action_open_contacts]", run: "click" },
        { trigger: ".o_data_row:contains(Ana Silva)" },
        { trigger: ".o_data_row:contains(bob@tour.example)" },
    ],
});

/** Choose a file as a user would; a browser lets no script name one of the disk. */
function upload(input, name, ...parts) {
    const transfer = new DataTransfer();
    transfer.items.add(new File(parts, name, { type: "text/csv" }));
    input.files = transfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
}

tours.add("cadence_upload_and_undo", {
    steps: () => [
        { content: "A new intake", trigger: ".o_list_button_add", run: "click" },
        { trigger: "[name=segment_id] input", run: "edit English-Equipment" },
        { trigger: ".dropdown-item:contains(English-Equipment dealers)", run: "click" },
        { content: "How full the days are", trigger: ".o_cadence_day:nth-child(30)" },
        { content: "From a file", trigger: "[name=source] input[data-value=file]", run: "click" },
        {
            content: "A table of ninety addresses, one of them mistyped",
            trigger: "[name=file] input.o_input_file:not(:visible)",
            run() {
                const rows = Array.from(
                    { length: 90 },
                    (_each, n) => `Person ${n},p${n}@upload${n}.example,Buyer`
                );
                upload(
                    this.anchor,
                    "fair.csv",
                    ["Name,E-mail,Job Position", ...rows, "X,x@gmial.com,Buyer"].join("\n")
                );
            },
        },
        {
            content: "Its columns are understood",
            trigger:
                ".o_data_row:contains(Job Position):contains(Person), .o_data_row:contains(Job Position)",
        },
        { trigger: "button[name=action_preview]", run: "click" },
        {
            content: "What will happen",
            trigger: ".o_cadence_intake_counts button:contains(90 new)",
        },
        {
            content: "What looks mistyped waits for a decision",
            trigger: ".alert:contains(look mistyped)",
        },
        { trigger: "button[name=action_keep_typed]", run: "click" },
        { trigger: ".o_cadence_intake_counts button:contains(91 new)" },
        { trigger: "button[name=action_save]", run: "click" },
        { content: "The bar", trigger: ".o_cadence_intake_progress .progress-bar" },
        {
            content: "It is done without a reload",
            trigger: ".o_cadence_intake_counts button:contains(91 saved)",
        },
        { trigger: "button[name=action_undo]", run: "click" },
        { trigger: ".modal .btn-primary", run: "click" },
        { content: "The bar again", trigger: ".o_cadence_intake_progress .progress-bar" },
        {
            content: "All taken back",
            trigger: ".o_cadence_intake_counts button:contains(91 undone)",
        },
    ],
});

tours.add("cadence_choose_characters", {
    steps: () => [
        { content: "A new intake", trigger: ".o_list_button_add", run: "click" },
        { trigger: "[name=segment_id] input", run: "edit English-Equipment" },
        { trigger: ".dropdown-item:contains(English-Equipment dealers)", run: "click" },
        { content: "From a file", trigger: "[name=source] input[data-value=file]", run: "click" },
        {
            content: "A Polish table whose letters may be of many languages",
            trigger: "[name=file] input.o_input_file:not(:visible)",
            run() {
                const line = [0xaf, ..."uk,zuk@letters.example\n"].map((char) =>
                    typeof char === "string" ? char.charCodeAt(0) : char
                );
                upload(this.anchor, "poland.csv", "Name,E-mail\n", new Uint8Array(line));
            },
        },
        { content: "It asks, nothing is taken", trigger: "[name=encoding] label:contains(Żuk)" },
        { trigger: "[name=encoding]:not(:has(.border-primary))" },
        { content: "A slip", trigger: "[name=encoding] label:contains(¯uk) input", run: "click" },
        { trigger: "[name=encoding] .border-primary:contains(¯uk)" },
        { trigger: "button[name=action_preview]", run: "click" },
        { trigger: ".o_cadence_intake_counts button:contains(1 new)" },
        { trigger: "button[name=action_back]", run: "click" },
        {
            content: "The choice is there again, the file too",
            trigger: "[name=encoding] label:contains(Żuk) input",
            run: "click",
        },
        { trigger: "[name=encoding] .border-primary:contains(Żuk)" },
        { trigger: "button[name=action_preview]", run: "click" },
        { trigger: ".o_cadence_intake_counts button:contains(1 new)" },
        { trigger: "button[name=action_save]", run: "click" },
        { trigger: ".o_arrow_button_current:contains(Saved)" },
    ],
});

tours.add("cadence_public_mailboxes", {
    steps: () => [
        {
            content: "Nothing is there yet",
            trigger: ".o_view_nocontent:contains(domain of mailboxes)",
        },
        { trigger: ".o_list_button_add", run: "click" },
        { trigger: "[name=name] input", run: "edit https://www.NewBox.example/" },
        { trigger: ".o_list_button_save", run: "click" },
        { content: "As DNS has it", trigger: ".o_data_row td:contains(/^newbox.example$/)" },
        { trigger: ".o_list_button_add", run: "click" },
        { trigger: ".o_selected_row [name=name] input", run: "edit not a domain" },
        { trigger: ".o_list_button_save", run: "click" },
        {
            content: "It says why not",
            trigger: ".o_notification:contains(no domain), .modal:contains(no domain)",
        },
    ],
});

tours.add("cadence_set_up_segment", {
    steps: () => [
        { trigger: ".o-kanban-button-new", run: "click" },
        { content: "The language", trigger: "[name=lang_id] input", run: "edit German" },
        { trigger: ".dropdown-item:contains(German (Germany)):first", run: "click" },
        {
            content: "The customer group",
            trigger: "[name=customer_group_id] input",
            run: "edit Equipment",
        },
        { trigger: ".dropdown-item:contains(Equipment dealers)", run: "click" },
        { trigger: ".o_form_button_save", run: "click" },
        { content: "It has a name of its own", trigger: ".o_form_saved", isActive: ["auto"] },
        {
            content: "It says what is missing",
            trigger: ".alert:contains(Marketing has no letter yet)",
        },
        { content: "All forty batches", trigger: ".o_cadence_grid_cell:nth-child(30)" },
        { trigger: "a[name=letters]", run: "click" },
        { content: "Add a letter", trigger: ".o-kanban-button-new", run: "click" },
        {
            trigger: ".modal [name=subject] input, .modal [name=subject] textarea",
            run: "edit Krane aus dem Werk",
        },
        { trigger: ".modal .o_form_button_save", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        { trigger: ".o_form_button_save", run: "click" },
        {
            content: "The letter has a German text to begin with",
            trigger: ".o_kanban_record:contains(Krane aus dem Werk) button[name=action_design]",
        },
        { trigger: ".alert:contains(Reading has no letter):not(:contains(Marketing))" },
    ],
});

tours.add("cadence_run_today", {
    steps: () => [
        {
            content: "Run the marketing batch of today",
            trigger: ".o_kanban_record:contains(Marketing) button[name=action_run_now]",
            run: "click",
        },
        { trigger: ".o_kanban_record:contains(2 queued of 3)", run: "click" },
        {
            content: "The story",
            trigger: ".o_cadence_story_step:contains(Risk) .o_cadence_story_count:contains(−1)",
        },
        { trigger: ".o_cadence_story_reserved .o_cadence_story_count:contains(2)", run: "click" },
        {
            content: "Exactly the contacts who will be mailed",
            trigger: ".o_data_row:contains(Contact):nth-child(2)",
        },
        { trigger: ".o_list_view:not(:has(.o_data_row:contains(Contact):nth-child(3)))" },
    ],
});

tours.add("cadence_customer_view", {
    steps: () => [
        { trigger: ".o_data_row:contains(Risk) td[name=name]", run: "click" },
        { content: "Its conditions", trigger: ".o_data_row:contains(Tag Group is any of)" },
        { trigger: "button[name=action_open_contacts]", run: "click" },
        { trigger: ".o_data_row:contains(Contact)" },
    ],
});

tours.add("cadence_sort_replies", {
    steps: () => [
        {
            content: "Two people and a machine wait",
            trigger: ".o_cadence_triage_progress:contains(3 waiting)",
        },
        {
            content: "What the first one wrote",
            trigger: ".o_cadence_triage_text:contains(What do they cost?)",
        },
        {
            content: "One key sorts it",
            trigger: ".o_cadence_triage_sorting[data-sorting=inquiry]:enabled",
            run: "press i",
        },
        { trigger: ".o_cadence_triage_done:contains(Inquiry)" },
        {
            content: "The next one shows at once",
            trigger: ".o_cadence_triage_text:contains(call me)",
        },
        { content: "Second thoughts", trigger: ".o_cadence_triage_undo", run: "click" },
        { trigger: ".o_cadence_triage_progress:contains(3 waiting)" },
        { content: "It is back", trigger: ".o_cadence_triage_item.o_current:contains(Contact)" },
        { trigger: ".o_cadence_triage_text:contains(What do they cost?)" },
        { trigger: ".o_cadence_triage_sorting[data-sorting=sample]:enabled", run: "click" },
        { trigger: ".o_cadence_triage_done:contains(Sample)" },
        { trigger: ".o_cadence_triage_text:contains(call me)" },
        {
            trigger: ".o_cadence_triage_sorting[data-sorting=not_interested]:enabled",
            run: "press n",
        },
        {
            content: "The machine's address",
            trigger: ".o_cadence_triage_sorting[data-sorting=no_send]:enabled",
            run: "press b",
        },
        { content: "All done", trigger: ".o_cadence_triage_empty" },
    ],
});

tours.add("cadence_contact_timeline", {
    steps: () => [
        { trigger: "a[name=cadence]", run: "click" },
        {
            content: "The mail",
            trigger: ".o_cadence_timeline_entry[data-kind=touch]:contains(Letter 1)",
        },
        { content: "What the contact did", trigger: ".o_cadence_timeline_entry[data-kind=reply]" },
        {
            content: "What was decided, and why",
            trigger: ".o_cadence_timeline_entry[data-kind=tag]:contains(Replied)",
        },
        {
            content: "Only decisions",
            trigger: ".o_cadence_timeline_filter[data-filter=decisions]",
            run: "click",
        },
        { trigger: ".o_cadence_timeline:not(:has(.o_cadence_timeline_entry[data-kind=touch]))" },
        { content: "Take it back", trigger: ".o_cadence_timeline_undo", run: "click" },
        { trigger: ".o_cadence_timeline_entry.is_undone:contains(Replied)" },
        { content: "Taken back by whom", trigger: ".o_cadence_timeline_entry[data-kind=undone]" },
        { content: "The tag is off", trigger: "[name=category_id]:not(:contains(Replied))" },
    ],
});
