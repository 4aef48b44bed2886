using System.CommandLine;
using SchemaStream.Cli.Consuming;
using SchemaStream.Cli.Errors;
using SchemaStream.Cli.Formats;
using SchemaStream.Cli.Kafka.Connecting;
using SchemaStream.Cli.Kafka.Producing;
using SchemaStream.Cli.Schemas;

namespace SchemaStream.Cli.Producing;

/// <summary><c>schemastream produce</c>: JSON and text into a topic, written with what the topic carries.</summary>
internal static class ProduceCommand
{
    public const string Name = "produce";

    private const long LargestFile = 512 * 1024 * 1024;

    public static Command Create()
    {
        var topic = new Argument<string>("topic") { Description = "The topic" };
        var file = new Option<FileInfo?>("--file") { Description = "JSON values, or a list of them (default: a value a line on standard input)", HelpName = "FILE" };
        var records = new Option<bool>("--records") { Description = "The input has whole records, as `consume --output json` writes them, not values" };
        var key = new Option<string?>("--key") { Description = "The key of all records", HelpName = "KEY" };
        var headers = new Option<string[]>("--header") { Description = "A header of all records; may be repeated", HelpName = "NAME=VALUE" };
        var partition = new Option<int?>("--partition") { Description = "The partition (default: by the key)", HelpName = "NUMBER" };
        var keyFormat = ConsumeCommand.Format("--key-format", "keys");
        var valueFormat = ConsumeCommand.Format("--value-format", "values");
        var keySubject = new Option<string?>("--key-subject") { Description = "The subject of the keys' schema (default: the topic's)", HelpName = "SUBJECT" };
        var valueSubject = new Option<string?>("--value-subject") { Description = "The subject of the values' schema (default: the topic's)", HelpName = "SUBJECT" };
        var version = new Option<string?>("--value-version") { Description = "The version of the values' schema (default: latest)", HelpName = "VERSION" };
        var message = new Option<string?>("--message") { Description = "The full name of the values' Protobuf message (default: the contract's, else the file's first)", HelpName = "NAME" };
        var acks = new Option<string>("--acks") { Description = "0, 1 or all", HelpName = "ACKS", DefaultValueFactory = _ => "all" };
        var compression = new Option<string>("--compression") { Description = "none, gzip, snappy, lz4 or zstd", HelpName = "CODEC", DefaultValueFactory = _ => "none" };
        var command = new FriendlyCommand(Name, "Writes JSON or text to a topic, encoded with the schemas that the topic carries.")
        {
            topic, file, records, key, headers, partition, keyFormat, valueFormat, keySubject, valueSubject, version, message, acks, compression,
        };
        return CommonOptions.Attach(command, (context, cancellation) => RunAsync(
            context,
            new RecordShape(
                context.Get(topic), context.Get(key), [.. context.Get(headers).Select(Header)], context.Get(partition), context.Get(records)),
            new SlotChoice(ConsumeCommand.ReadFormat("--key-format", context.Get(keyFormat)), context.Get(keySubject)),
            new SlotChoice(
                ConsumeCommand.ReadFormat("--value-format", context.Get(valueFormat)),
                context.Get(valueSubject),
                context.Get(version) is { } number ? SubjectArguments.ReadVersion(number) : null,
                context.Get(message)),
            new ProducerSettings
            {
                Acks = ProducerSettings.ReadAcks(context.Get(acks)),
                IsIdempotent = context.Get(acks) is "all" or "-1",
                Compression = ProducerSettings.ReadCompression(context.Get(compression)),
                Linger = TimeSpan.FromMilliseconds(5),
            },
            context.Get(file),
            cancellation));
    }

    private static async Task<int> RunAsync(
        CommandContext context, RecordShape shape, SlotChoice keyChoice, SlotChoice valueChoice, ProducerSettings settings, FileInfo? file, CancellationToken cancellationToken)
    {
        await using var cluster = context.OpenCluster();
        await new ClusterTopics(cluster).PartitionsAsync(shape.Topic, cancellationToken);
        using var registry = context.OpenRegistry();
        var isKnown = keyChoice.Format.Primitive is not null && valueChoice.Format.Primitive is not null;
        var contract = isKnown ? null : await registry.GetContractAsync(shape.Topic, cancellationToken);
        var keys = await SlotEncoder.OpenAsync(registry, contract, shape.Topic, RecordSlot.Key, keyChoice, cancellationToken);
        var values = await SlotEncoder.OpenAsync(registry, contract, shape.Topic, RecordSlot.Value, valueChoice, cancellationToken);
        var input = new InputRecords(shape, keys, values);
        if (context.Output.IsTerminal)
        {
            context.Output.Note($"{shape.Topic}: keys {keys.Description}, values {values.Description}");
        }

        await using var producer = new ToolProducer(cluster, settings.With(context.Properties), context.Output.Notes);
        var delivered = new DeliveryCount();
        var bytes = 0L;
        try
        {
            await foreach (var record in RecordsAsync(context, input, values, file, delivered, cancellationToken))
            {
                await producer.SendAsync(record, cancellationToken);
                bytes += (record.Key?.Length ?? 0) + (record.Value?.Length ?? 0);
                if (delivered.HasFailed)
                {
                    break;
                }
            }
        }
        finally
        {
            // Those before a line that does not fit are sent, whatever becomes of it.
            await producer.FlushAsync(cancellationToken);
        }

        delivered.Require(shape.Topic);
        context.Output.Line($"{delivered.Delivered} records to {shape.Topic}");
        context.Output.Json(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("topic", shape.Topic);
            writer.WriteNumber("records", delivered.Delivered);
            writer.WriteNumber("bytes", bytes);
            writer.WriteEndObject();
        });
        return ExitCodes.Done;
    }

    private static async IAsyncEnumerable<Kafka.Producing.OutgoingRecord> RecordsAsync(
        CommandContext context,
        InputRecords input,
        SlotEncoder values,
        FileInfo? file,
        DeliveryCount delivered,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (file is not null && !(values.IsText && !input.HasEnvelopes))
        {
            foreach (var record in OfFile(input, file, delivered))
            {
                yield return record;
            }

            yield break;
        }

        await using var opened = file?.OpenRead();
        await foreach (var (number, line) in InputLines.ReadAsync(opened ?? context.Output.Input, cancellationToken))
        {
            if (line.Length == 0 && !values.IsText)
            {
                continue; // a line between values
            }

            yield return Made(() => input.OfLine(line, delivered.Take), $"Line {number}");
        }
    }

    private static IEnumerable<Kafka.Producing.OutgoingRecord> OfFile(InputRecords input, FileInfo file, DeliveryCount delivered)
    {
        if (file.Exists && file.Length > LargestFile)
        {
            throw ErrorCatalog.FileUnusable.Exception($"{file.FullName} has {file.Length} bytes, at most {LargestFile} are read at once.", nextStep: "Give it line by line on standard input.");
        }

        var number = 0;
        foreach (var value in JsonValues.Of(File.ReadAllBytes(file.FullName), file.Name))
        {
            number++;
            yield return Made(() => input.OfValue(value, delivered.Take), $"Value {number} of {file.Name}");
        }
    }

    private static Kafka.Producing.OutgoingRecord Made(Func<Kafka.Producing.OutgoingRecord> make, string place)
    {
        try
        {
            return make();
        }
        catch (CodecException misfit)
        {
            throw ErrorCatalog.ValueInvalid.Exception($"{place} does not fit: {misfit.Message}", inner: misfit);
        }
    }

    private static KeyValuePair<string, string> Header(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0
            ? KeyValuePair.Create(text[..equals], text[(equals + 1)..])
            : throw ErrorCatalog.Usage.Exception($"--header {text}: NAME=VALUE is expected.");
    }
}
