using System.CommandLine;
using System.Globalization;
using SchemaStream.Cli.Kafka.Topics;

namespace SchemaStream.Cli.Topics;

/// <summary><c>schemastream topics create</c>.</summary>
internal static class CreateCommand
{
    private const string KeyType = "schemastream.key.type";
    private const string ValueType = "schemastream.value.type";

    public static Command Create()
    {
        var topic = new Argument<string>("TOPIC") { Description = "The topic" };
        var partitions = new Option<int?>("--partitions") { Description = "How many (default: the brokers')", HelpName = "N" };
        var replication = new Option<short?>("--replication-factor") { Description = "Copies of each partition (default: the brokers')", HelpName = "N" };
        var settings = TopicSettings.Option("--config");
        var key = new Option<string?>("--key-type") { Description = "What keys are for ever, such as string, uuid or avro:com.acme.OrderId; brokers of SchemaStream alone", HelpName = "FORM" };
        var value = new Option<string?>("--value-type") { Description = "What values are for ever, such as avro:com.acme.OrderPlaced", HelpName = "FORM" };
        var ifNotExists = new Option<bool>("--if-not-exists") { Description = "A topic that is there already is no error" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Has the brokers check it, and creates nothing" };
        TopicSettings.AtLeastOne(partitions);
        TopicSettings.AtLeastOne(replication);
        return CommonOptions.Attach(
            new FriendlyCommand("create", "Creates a topic.") { topic, partitions, replication, settings, key, value, ifNotExists, dryRun },
            (context, cancellation) =>
            {
                var all = TopicSettings.Read(context.Get(settings));
                Add(all, KeyType, context.Arguments.GetValue(key));
                Add(all, ValueType, context.Arguments.GetValue(value));
                return RunAsync(
                    context,
                    context.Get(topic),
                    context.Arguments.GetValue(partitions),
                    context.Arguments.GetValue(replication),
                    all,
                    context.Get(ifNotExists),
                    context.Get(dryRun),
                    cancellation);
            });
    }

    private static async Task<int> RunAsync(
        CommandContext context,
        string name,
        int? partitions,
        short? replication,
        Dictionary<string, string> settings,
        bool ifNotExists,
        bool isDryRun,
        CancellationToken cancellationToken)
    {
        await using var cluster = context.OpenCluster();
        var topics = new TopicAdministration(cluster);
        var isNew = await topics.CreateAsync(name, partitions, replication, [], settings, ifNotExists, cancellationToken, validateOnly: isDryRun);
        context.Output.Line(!isNew ? $"topic {name} is there already; nothing was changed"
            : isDryRun ? $"would create topic {name}" : $"created topic {name}");
        context.Output.Json(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("topic", name);
            writer.WriteBoolean("created", isNew && !isDryRun);
            writer.WriteBoolean("dryRun", isDryRun);
            writer.WriteEndObject();
        });
        return ExitCodes.Done;
    }

    private static void Add(Dictionary<string, string> settings, string name, string? value)
    {
        if (value is not null)
        {
            settings[name] = value;
        }
    }
}

/// <summary>Settings of topics as options have them.</summary>
internal static class TopicSettings
{
    public static Option<string[]> Option(string name) => new(name)
    {
        Description = "A setting by Kafka's name, such as retention.ms=86400000; may be repeated", HelpName = "NAME=VALUE", DefaultValueFactory = _ => [],
    };

    /// <exception cref="Errors.CliException">One is of another form.</exception>
    public static Dictionary<string, string> Read(IReadOnlyList<string> texts)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
            {
                throw Errors.ErrorCatalog.Usage.Exception($"'{text}' is no setting: NAME=VALUE is expected.");
            }

            settings[text[..equals].Trim()] = text[(equals + 1)..].Trim();
        }

        return settings;
    }

    public static void AtLeastOne<T>(Option<T?> option)
        where T : struct, IComparable<T> => option.Validators.Add(result =>
        {
            if (result.Errors.Any() || result.Tokens.Count == 0)
            {
                return;
            }

            if (!int.TryParse(result.Tokens[^1].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) || number < 1)
            {
                result.AddError($"{option.Name} {result.Tokens[^1].Value}: a number from 1 is expected.");
            }
        });
}
