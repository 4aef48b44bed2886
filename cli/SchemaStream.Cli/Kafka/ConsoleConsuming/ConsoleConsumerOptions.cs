using System.Globalization;
using System.Text.RegularExpressions;
using SchemaStream.Cli.Kafka.Connecting;
using SchemaStream.Cli.Kafka.Consuming;
using SchemaStream.Cli.Kafka.Options;
using SchemaStream.Cli.Kafka.Schemas;

namespace SchemaStream.Cli.Kafka.ConsoleConsuming;

/// <summary>What a command line of <c>kafka-console-consumer</c> says.</summary>
internal sealed class ConsoleConsumerOptions
{
    private const string NewPackage = "org.apache.kafka.tools.consumer.";
    private const string OldPackage = "kafka.tools.";

    public required string? Topic { get; init; }

    /// <summary>Null: the one topic.</summary>
    public required Regex? Included { get; init; }

    /// <summary>Null: all, by way of a group.</summary>
    public required int? Partition { get; init; }

    /// <summary>With <see cref="Partition"/>: where to begin; null: where the settings say.</summary>
    public required long? Offset { get; init; }

    /// <summary>One that was made up, when none is given.</summary>
    public required string Group { get; init; }

    public required ConsumerSettings Settings { get; init; }

    /// <summary>Settings of the client, by Kafka's names.</summary>
    public required IReadOnlyDictionary<string, string> Properties { get; init; }

    /// <summary>Null: without an end.</summary>
    public required long? MaxMessages { get; init; }

    /// <summary>Null: without an end.</summary>
    public required TimeSpan? Timeout { get; init; }

    public required bool SkipsErrors { get; init; }

    /// <summary>Null: records are counted, not printed.</summary>
    public required IRecordText? Text { get; init; }

    /// <exception cref="ToolUsageException">The options do not fit together.</exception>
    /// <exception cref="ToolFailedException">A value cannot be followed.</exception>
    /// <param name="format">What records are printed as when no formatter is named; null: as they are.</param>
    public static ConsoleConsumerOptions Read(ToolArguments arguments, SchemaFormat? format, TextWriter warnings, CancellationToken stop)
    {
        Check(arguments);
        var properties = ClientProperties.Load(arguments.Value("consumer.config") ?? arguments.Value("command-config"));
        foreach (var (key, value) in arguments.Pairs("consumer-property", "command-property"))
        {
            properties[key] = value;
        }

        var group = ReadGroup(arguments, properties);
        Demand(group is null || !arguments.Has("partition"), "Options group and partition cannot be specified together.");
        var isFromBeginning = arguments.Has("from-beginning");
        if (isFromBeginning && properties.GetValueOrDefault("auto.offset.reset", "earliest") != "earliest")
        {
            throw new ToolFailedException(
                $"Can't simultaneously specify --from-beginning and 'auto.offset.reset={properties["auto.offset.reset"]}', please remove one option");
        }

        var isolation = arguments.Value("isolation-level") ?? "read_uncommitted";
        properties.TryAdd("isolation.level", isolation);
        var (offset, reset) = ReadOffset(arguments.Value("offset"), isFromBeginning ? OffsetReset.Earliest : OffsetReset.Latest);
        var timeout = arguments.LongNumber("timeout-ms");
        var settings = new ConsumerSettings { Reset = reset, IsAutoCommit = group is not null }.With(properties);
        return new ConsoleConsumerOptions
        {
            Topic = arguments.Value("topic"),
            Included = arguments.Value("include") is { } include ? Pattern(include) : null,
            Partition = arguments.Number("partition"),
            Offset = offset,
            Group = group ?? string.Create(CultureInfo.InvariantCulture, $"console-consumer-{Random.Shared.Next(100_000)}"),
            Settings = timeout is { } wait and >= 0 ? settings with { FetchMaxWaitMs = (int)Math.Min(wait, settings.FetchMaxWaitMs) } : settings,
            Properties = properties,
            MaxMessages = arguments.LongNumber("max-messages") is { } most and >= 0 ? most : null,
            Timeout = timeout is { } limit and >= 0 ? TimeSpan.FromMilliseconds(limit) : null,
            SkipsErrors = arguments.Has("skip-message-on-error"),
            Text = ReadFormatter(arguments, format, warnings, stop),
        };
    }

    private static void Check(ToolArguments arguments)
    {
        Demand(arguments.Has("topic") != arguments.Has("include"), "Exactly one of --include/--topic is required. ");
        if (arguments.Has("partition"))
        {
            Demand(arguments.Has("topic"), "The topic is required when partition is specified.");
            Demand(!arguments.Has("from-beginning") || !arguments.Has("offset"), "Options from-beginning and offset cannot be specified together.");
        }

        Demand(arguments.Has("partition") || !arguments.Has("offset"), "The partition is required when offset is specified.");
        arguments.Require("bootstrap-server");
        Demand(!arguments.Has("consumer-property") || !arguments.Has("command-property"),
            "Options --consumer-property and --command-property cannot be specified together.");
        Demand(!arguments.Has("consumer.config") || !arguments.Has("command-config"),
            "Options --consumer.config and --command-config cannot be specified together.");
        Demand(!arguments.Has("property") || !arguments.Has("formatter-property"),
            "Options --property and --formatter-property cannot be specified together.");
    }

    private static string? ReadGroup(ToolArguments arguments, Dictionary<string, string> properties)
    {
        var given = new[] { arguments.Value("group"), properties.GetValueOrDefault("group.id") }.OfType<string>().Distinct().ToList();
        Demand(given.Count < 2,
            "The group ids provided in different places (directly using '--group', via '--consumer-property', or via '--consumer.config') " +
            $"do not match. Detected group ids: {string.Join(", ", given.Select(group => $"'{group}'"))}");
        return given.FirstOrDefault();
    }

    private static (long? Offset, OffsetReset Reset) ReadOffset(string? text, OffsetReset otherwise) => text?.ToUpperInvariant() switch
    {
        null => (null, otherwise),
        "EARLIEST" => (null, OffsetReset.Earliest),
        "LATEST" => (null, OffsetReset.Latest),
        _ when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var offset) => (offset, otherwise),
        _ => throw new ToolUsageException(
            $"The provided offset value '{text}' is incorrect. Valid values are 'earliest', 'latest', or a non-negative long.") { ShowsUsage = true },
    };

    private static Regex Pattern(string include)
    {
        try
        {
            return new Regex($"^(?:{include})$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        }
        catch (ArgumentException wrong)
        {
            throw new ToolUsageException($"{include} is an invalid regex.", wrong);
        }
    }

    private static IRecordText? ReadFormatter(ToolArguments arguments, SchemaFormat? format, TextWriter warnings, CancellationToken stop)
    {
        var properties = ClientProperties.Load(arguments.Value("formatter-config"));
        foreach (var (key, value) in arguments.Pairs("property", "formatter-property"))
        {
            properties[key] = value;
        }

        foreach (var field in (ReadOnlySpan<string>)["key", "value"])
        {
            if (arguments.Value($"{field}-deserializer") is { } deserializer)
            {
                properties[$"{field}.deserializer"] = deserializer;
            }
        }

        if (format is not null)
        {
            properties.TryAdd(RegistryProperties.Url, RegistryProperties.StandardUrl);
        }

        var name = arguments.Value("formatter") ?? (format is { } known ? SchemaFormats.FormatterOf(known) : NewPackage + "DefaultMessageFormatter");
        if (SchemaFormats.Find(name) is not null)
        {
            return new SchemaRecordText(properties, stop);
        }

        var type = name[(name.LastIndexOf('.') + 1)..];
        if (name.StartsWith(OldPackage, StringComparison.Ordinal) && type is "DefaultMessageFormatter" or "LoggingMessageFormatter" or "NoOpMessageFormatter")
        {
            warnings.WriteLine($"WARNING: {name} is deprecated and will be removed in the next major release. Please use {NewPackage}{type} instead");
        }

        return type switch
        {
            "DefaultMessageFormatter" or "LoggingMessageFormatter" => new RecordText(properties),
            "NoOpMessageFormatter" => null,
            _ => throw new ToolFailedException($"java.lang.ClassNotFoundException: {name}"),
        };
    }

    private static void Demand(bool isSo, string otherwise)
    {
        if (!isSo)
        {
            throw new ToolUsageException(otherwise) { ShowsUsage = true };
        }
    }
}
