using System.CommandLine;
using SchemaStream.Cli.Errors;
using SchemaStream.Cli.Formats;
using SchemaStream.Cli.Kafka.Consuming;
using SchemaStream.Registry.Client;

namespace SchemaStream.Cli.Consuming;

/// <summary><c>schemastream consume</c>: a topic's records as JSON, whatever they were written with.</summary>
internal static class ConsumeCommand
{
    public const string Name = "consume";

    private static readonly TimeSpan GroupMargin = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var topic = new Argument<string>("topic") { Description = "The topic" };
        var beginning = new Option<bool>("--from-beginning") { Description = "From the first record on; for a group: where it has committed nothing" };
        var from = new Option<string?>("--from") { Description = "An offset, a time (2024-02-29T12:00:00Z), a span before now (-15m), beginning or end", HelpName = "WHERE" };
        var partition = new Option<int[]>("--partition") { Description = "Only this partition; may be repeated", HelpName = "NUMBER" };
        var group = new Option<string?>("--group") { Description = "As a member of a group, which commits", HelpName = "NAME" };
        var max = new Option<long?>("--max") { Description = "Ends after so many records", HelpName = "COUNT" };
        var untilEnd = new Option<bool>("--until-end") { Description = "Ends where the topic ended when it began, in the place of waiting for more" };
        var committed = new Option<bool>("--committed") { Description = "Leaves out records of open and aborted transactions" };
        var keyFormat = Format("--key-format", "keys");
        var valueFormat = Format("--value-format", "values");
        var command = new FriendlyCommand(Name, "Reads a topic and shows its records as JSON, decoded through the registry.")
        {
            topic, beginning, from, partition, group, max, untilEnd, committed, keyFormat, valueFormat,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(beginning) is not null && result.GetResult(from) is not null)
            {
                result.AddError("--from-beginning and --from exclude each other.");
            }

            if (result.GetResult(group) is not null && (result.GetResult(partition) is not null || result.GetResult(from) is not null))
            {
                result.AddError("A group has its own partitions and offsets: --group goes with neither --partition nor --from.");
            }

            if (result.GetResult(max) is { Tokens.Count: > 0 } && result.GetValue(max) is < 1)
            {
                result.AddError("--max must be at least 1.");
            }
        });
        return CommonOptions.Attach(command, (context, cancellation) => RunAsync(
            context,
            new ConsumeOptions
            {
                Topic = context.Get(topic),
                Partitions = context.Get(partition) is { Length: > 0 } numbers ? [.. numbers.Distinct()] : null,
                Start = context.Get(beginning) ? new StartAt(StartKind.Earliest)
                    : context.Get(from) is { } where ? StartText.Read(where, TimeProvider.System)
                    : new StartAt(StartKind.Latest),
                Group = context.Get(group),
                Max = context.Get(max) ?? long.MaxValue,
                IsUntilEnd = context.Get(untilEnd),
                Settings = new ConsumerSettings { IsCommittedOnly = context.Get(committed) }.With(context.Properties),
            },
            ReadFormat("--key-format", context.Get(keyFormat)),
            ReadFormat("--value-format", context.Get(valueFormat)),
            cancellation));
    }

    public static Option<string> Format(string name, string what) => new(name)
    {
        Description = $"What {what} are: {string.Join(", ", SlotFormat.Names)} (default: auto, by the schema's id, else the topic's contract)",
        HelpName = "FORMAT",
        DefaultValueFactory = _ => "auto",
    };

    /// <exception cref="CliException">It is no format.</exception>
    public static SlotFormat ReadFormat(string option, string name) => SlotFormat.Find(name)
        ?? throw ErrorCatalog.Usage.Exception($"{option} {name}: one of {string.Join(", ", SlotFormat.Names)} is expected.");

    /// <summary>What the topic carries, where a registry is there and knows it: reading works without one.</summary>
    public static async Task<TopicContract?> ContractAsync(CommandContext context, IRegistryClient registry, string topic, CancellationToken cancellationToken)
    {
        try
        {
            return await registry.GetContractAsync(topic, cancellationToken);
        }
        catch (Exception e) when (e is RegistryUnreachableException or RegistryException)
        {
            context.Output.Warn($"the topic's contract is not known: {e.Message}");
            return null;
        }
    }

    private static async Task<int> RunAsync(
        CommandContext context, ConsumeOptions options, SlotFormat keys, SlotFormat values, CancellationToken cancellationToken)
    {
        using var registry = context.OpenRegistry();
        await using var cluster = context.OpenCluster();
        await using var groupCluster = context.OpenCluster(options.Settings.MaxPollInterval + GroupMargin);
        await using var run = new ConsumeRun(cluster, groupCluster, options, context.Output.Notes);
        var isKnown = keys.Primitive is not null && values.Primitive is not null;
        var contract = isKnown ? null : await ContractAsync(context, registry, options.Topic, cancellationToken);
        var decoder = new RecordDecoder(registry, contract, keys, values, context.Output.Warn);
        using var answer = new MemoryStream();
        using var lines = new RecordLines(answer, decoder, context.Output.IsJson);
        long count;
        try
        {
            count = await run.RunAsync(
                async records =>
                {
                    foreach (var record in records)
                    {
                        await lines.WriteAsync(record, CancellationToken.None);
                    }

                    await HandOutAsync(context, answer);
                },
                cancellationToken);
        }
        catch (OutputGoneException)
        {
            return ExitCodes.Done; // as `| head` ends it
        }

        if (decoder.Undecoded > 0)
        {
            context.Output.Warn($"{decoder.Undecoded} keys and values were shown as base64");
        }

        context.Output.Note($"{count} records");
        return ExitCodes.Done;
    }

    /// <summary>Writes what an answer had, all at once. Who reads it may have enough, as <c>head</c> has.</summary>
    /// <exception cref="OutputGoneException">Nobody reads any more: what was not written out is not committed.</exception>
    private static async Task HandOutAsync(CommandContext context, MemoryStream answer)
    {
        try
        {
            await context.Output.Results.WriteAsync(answer.GetBuffer().AsMemory(0, (int)answer.Length), CancellationToken.None);
            await context.Output.Results.FlushAsync(CancellationToken.None);
        }
        catch (IOException gone)
        {
            throw new OutputGoneException(gone);
        }

        answer.SetLength(0);
    }

    /// <summary>Nobody reads standard output any more.</summary>
    private sealed class OutputGoneException(IOException inner) : Exception(inner.Message, inner);
}
