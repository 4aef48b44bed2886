namespace SchemaStream.Cli.Errors;

/// <summary>A kind of failure.</summary>
/// <param name="Code">Never given to another kind.</param>
/// <param name="Title">A few words.</param>
/// <param name="Text">When it happens and what helps, for <c>schemastream explain</c>.</param>
/// <param name="NextStep">What helps, in one sentence, where a failure has none of its own.</param>
/// <param name="ExitCode">With what the program ends.</param>
internal sealed record ErrorKind(string Code, string Title, string Text, string NextStep, int ExitCode)
{
    public CliError Of(string message, string? cause = null, string? nextStep = null) => new(Code, message, cause, nextStep ?? NextStep, ExitCode);

    public CliException Exception(string message, string? cause = null, string? nextStep = null, Exception? inner = null) =>
        new(Of(message, cause, nextStep), inner);
}

/// <summary>All kinds of failures that commands tell.</summary>
internal static class ErrorCatalog
{
    public static readonly ErrorKind Usage = new(
        "SS1001", "The command line is not understood",
        "An option is missing, has a value that it cannot have, or two of them exclude each other.",
        "See --help of the command.", ExitCodes.Usage);

    public static readonly ErrorKind Unconfirmed = new(
        "SS1002", "Nobody was there to confirm",
        "The command destroys something. It asks on a terminal; without one it does nothing unless it is told --yes.",
        "Add --yes, or look first with --dry-run.", ExitCodes.Usage);

    public static readonly ErrorKind Declined = new(
        "SS1003", "The answer was no",
        "The command asked before it destroyed something, and was not told y or yes. Nothing was done.",
        "Look first with --dry-run, or run it again.", ExitCodes.Failed);

    public static readonly ErrorKind Internal = new(
        "SS1999", "Something failed that nobody thought of",
        "None of the failures that the command knows. The message is what the program itself says of it.",
        "Run the command again with the same input; if it fails again, report it with the command line.", ExitCodes.Failed);

    public static readonly ErrorKind BrokersUnreachable = new(
        "SS2001", "No broker answers",
        "None of the addresses of --bootstrap-server (or of the profile, or of SCHEMASTREAM_BOOTSTRAP_SERVERS) could be connected to.",
        "Check --bootstrap-server; `schemastream up` starts a broker on 127.0.0.1:9092.", ExitCodes.Unreachable);

    public static readonly ErrorKind RegistryUnreachable = new(
        "SS2002", "The schema registry does not answer",
        "The address of --registry (or of the profile, or of SCHEMASTREAM_REGISTRY_URL) could not be connected to.",
        "Check --registry; `schemastream up` starts a registry on http://127.0.0.1:8081.", ExitCodes.Unreachable);

    public static readonly ErrorKind BrokersRefuse = new(
        "SS2003", "The brokers refuse",
        "The brokers were reached and answered with an error.",
        "The cause names Kafka's error; the brokers' log may say more.", ExitCodes.Failed);

    public static readonly ErrorKind RegistryRefuses = new(
        "SS2004", "The schema registry refuses",
        "The registry was reached and answered with an error.",
        "The cause has the registry's own words.", ExitCodes.Failed);

    public static readonly ErrorKind Unauthorised = new(
        "SS2005", "Not allowed",
        "The brokers or the registry know who asks, or do not, and refuse for that reason.",
        "Give credentials with --command-config FILE, or ask for the permission.", ExitCodes.Failed);

    public static readonly ErrorKind TopicThere = new(
        "SS2006", "The topic is there already",
        "A topic of that name is there, or one that differs in '.' and '_' alone. Nothing was changed.",
        "Choose another name, or add --if-not-exists.", ExitCodes.Failed);

    public static readonly ErrorKind GroupInUse = new(
        "SS2007", "The group has members",
        "A group that members read with is neither deleted nor reset: they would go on where they are, or commit over what was set.",
        "Stop the group's programs; `schemastream groups members GROUP` shows them.", ExitCodes.Failed);

    public static readonly ErrorKind Incompatible = new(
        "SS3001", "The schema is incompatible",
        "The subject's compatibility level does not allow the schema: data that is there could not be read with it, or with it written could not be read by programs that are there.",
        "Change the schema as the broken rules say, or bind a new topic as successor: `schemastream contracts successor`.", ExitCodes.Refused);

    public static readonly ErrorKind ContractViolated = new(
        "SS3002", "The topic's contract says otherwise",
        "The types of a topic are bound once and never change; what was offered is of another format or another type.",
        "See `schemastream contracts show TOPIC`; another type needs another topic: `schemastream contracts successor`.", ExitCodes.Refused);

    public static readonly ErrorKind TopicUnknown = new(
        "SS4001", "There is no such topic",
        "The cluster has no topic of that name, or the topic has no such partition.",
        "`schemastream topics list` shows those that there are.", ExitCodes.NotFound);

    public static readonly ErrorKind SubjectUnknown = new(
        "SS4002", "There is no such subject or version",
        "The registry has no subject of that name, no such version of it, or no schema of that id.",
        "`schemastream schemas list` shows those that there are.", ExitCodes.NotFound);

    public static readonly ErrorKind ContractUnknown = new(
        "SS4003", "The topic has no contract",
        "Nothing has bound the topic's types, or the registry offers no contracts: a plain Confluent registry does not.",
        "`schemastream contracts bind TOPIC` binds them.", ExitCodes.NotFound);

    public static readonly ErrorKind GroupUnknown = new(
        "SS4004", "There is no such group",
        "The cluster has no consumer group of that name: nobody reads with it, and it has no offsets.",
        "`schemastream groups list` shows those that there are.", ExitCodes.NotFound);

    public static readonly ErrorKind ProfileUnknown = new(
        "SS4005", "There is no such profile",
        "The profile that --profile, SCHEMASTREAM_PROFILE or `profile use` names is not there. No default takes its place: it would be another cluster.",
        "`schemastream profile list` shows those that there are.", ExitCodes.NotFound);

    public static readonly ErrorKind CodeUnknown = new(
        "SS4006", "There is no such error code",
        "Codes are SS and four digits.",
        "`schemastream explain` lists them all.", ExitCodes.NotFound);

    public static readonly ErrorKind FileUnusable = new(
        "SS5001", "A file cannot be used",
        "A file is not there, cannot be read or written, or is not what it should be.",
        "Check the path.", ExitCodes.Failed);

    public static readonly ErrorKind SchemaInvalid = new(
        "SS5002", "The schema is not valid",
        "The text is no schema of its format, or something that it refers to is missing.",
        "Mend the schema at the place that is named; references are given with --reference.", ExitCodes.Failed);

    public static readonly ErrorKind ValueInvalid = new(
        "SS5003", "A value does not fit its schema",
        "A line of the input is no JSON, or none that the topic's schema describes. Records before it were sent, those after it were not.",
        "Mend the line that is named.", ExitCodes.Failed);

    public static readonly ErrorKind NotGenerated = new(
        "SS5004", "No C# types for this schema",
        "The schema has no C# types whose own schema it is, or another tool makes them better.",
        "The message names the tool.", ExitCodes.Failed);

    public static readonly ErrorKind NotDelivered = new(
        "SS6001", "Records were not delivered",
        "The brokers did not take all records. Those that are counted as sent are there; of the others nobody knows where the answer was lost.",
        "Run it again once the cause is gone; `topics migrate` goes on where it stopped.", ExitCodes.Failed);

    public static readonly ErrorKind NotAllDone = new(
        "SS6002", "Not all of it was done",
        "The command had several things to do, and some failed. The result says of each whether it was done.",
        "Mend what the result names, and run it for the rest.", ExitCodes.Failed);

    /// <summary>All of them, by their codes.</summary>
    public static IReadOnlyList<ErrorKind> All { get; } =
    [
        Usage, Unconfirmed, Declined, Internal, BrokersUnreachable, RegistryUnreachable, BrokersRefuse, RegistryRefuses, Unauthorised, TopicThere,
        GroupInUse, Incompatible, ContractViolated, TopicUnknown, SubjectUnknown, ContractUnknown, GroupUnknown, ProfileUnknown, CodeUnknown,
        FileUnusable, SchemaInvalid, ValueInvalid, NotGenerated, NotDelivered, NotAllDone,
    ];
}
