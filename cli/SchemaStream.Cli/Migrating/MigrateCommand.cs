using System.CommandLine;
using System.Globalization;
using SchemaStream.Cli.Consuming;
using SchemaStream.Cli.Errors;
using SchemaStream.Cli.Formats;
using SchemaStream.Cli.Kafka.Connecting;
using SchemaStream.Cli.Producing;
using SchemaStream.Registry.Client;

namespace SchemaStream.Cli.Migrating;

/// <summary><c>schemastream topics migrate</c>: a topic's records to its successor.</summary>
internal static class MigrateCommand
{
    public static Command Create()
    {
        var from = new Argument<string>("from") { Description = "The topic whose records are brought over" };
        var to = new Argument<string>("to") { Description = "The topic that they are brought to; it is there already" };
        var reencode = new Option<bool>("--reencode") { Description = "Writes keys and values anew, by the new topic's contract: fields are matched by name" };
        var skip = new Option<bool>("--skip-unfit") { Description = "Leaves out records that have no form in the new topic, and counts them, in the place of ending there" };
        var follow = new Option<bool>("--follow") { Description = "Goes on with what is still to come, until it is stopped" };
        var restart = new Option<bool>("--restart") { Description = "From the beginning, though an earlier run has brought a part over: the new topic has that part twice then" };
        var id = new Option<string?>("--id") { Description = "Under what name progress is kept (default: schemastream-migrate-FROM-to-TO)", HelpName = "NAME" };
        var command = new FriendlyCommand("migrate", "Brings the records of a topic to another one, each once; goes on where an earlier run ended.")
        {
            from, to, reencode, skip, follow, restart, id,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(from) is { } same && same == result.GetValue(to))
            {
                result.AddError("A topic is not migrated to itself.");
            }
        });
        return CommonOptions.Attach(
            command,
            (context, cancellation) => RunAsync(
                context,
                new Wanted(
                    context.Get(from), context.Get(to), context.Get(reencode), context.Get(skip), context.Get(follow), context.Get(restart),
                    context.Get(id) ?? $"schemastream-migrate-{context.Get(from)}-to-{context.Get(to)}"),
                cancellation),
            isDestructive: true);
    }

    private static async Task<int> RunAsync(CommandContext context, Wanted wanted, CancellationToken cancellationToken)
    {
        await using var cluster = context.OpenCluster();
        using var registry = context.OpenRegistry();
        var topics = new ClusterTopics(cluster);
        var (before, after) = ((await topics.PartitionsAsync(wanted.From, cancellationToken)).Count, (await topics.PartitionsAsync(wanted.To, cancellationToken)).Count);
        var transfer = await TransferAsync(context, registry, wanted, before, after, cancellationToken);
        Action<string>? skipped = wanted.SkipsUnfit ? context.Output.Warn : null;
        var migration = new Migration(cluster, wanted.From, wanted.To, wanted.Id, transfer, skipped, context.Output.Notes);
        if (context.IsDryRun)
        {
            var plan = await migration.PlanAsync(wanted.Restarts, cancellationToken);
            var left = plan.Values.Sum(each => Math.Max(0, each.End - each.Start));
            context.Output.Line($"up to {left} records of {before} partitions would be brought from {wanted.From} to {wanted.To} ({wanted.Mode})");
            Json(context, wanted, left, 0, before);
            return ExitCodes.Done;
        }

        if (wanted.Restarts)
        {
            context.RequireConfirmed($"'{wanted.To}' may have a part of '{wanted.From}' already, and would have it twice. Go on?");
        }

        try
        {
            await migration.RunAsync(
                wanted.Restarts,
                wanted.Follows,
                (done, all) => context.Output.Progress(string.Create(CultureInfo.InvariantCulture, $"{done} of {all} records"), done, all),
                cancellationToken);
        }
        catch (OperationCanceledException) when (wanted.Follows && cancellationToken.IsCancellationRequested)
        {
            // That is how one ends it.
        }
        catch (CodecException misfit)
        {
            throw ErrorCatalog.ValueInvalid.Exception(
                $"{migration.Records} records were brought over, the next one was not: {misfit.Message}",
                nextStep: "Run it again with --skip-unfit, or register a schema that takes it. What was brought over is not brought again.",
                inner: misfit);
        }

        context.Output.Line($"{migration.Records} records from {wanted.From} to {wanted.To} ({wanted.Mode}){(migration.Skipped > 0 ? $", {migration.Skipped} left out" : "")}");
        context.Output.Line(Migration.Guarantee);
        Json(context, wanted, migration.Records, migration.Skipped, before);
        return ExitCodes.Done;
    }

    private static async Task<RecordTransfer> TransferAsync(
        CommandContext context, RegistryClient registry, Wanted wanted, int before, int after, CancellationToken cancellationToken)
    {
        var (old, successor) = (await registry.GetContractAsync(wanted.From, cancellationToken), await registry.GetContractAsync(wanted.To, cancellationToken));
        if (!wanted.Reencodes)
        {
            RequireSameTypes(wanted, old, successor);
            return new RecordTransfer(null, null, null, after, keepsPartitions: before == after);
        }

        var decoder = new RecordDecoder(registry, old, SlotFormat.Auto, SlotFormat.Auto, context.Output.Warn);
        var choice = new SlotChoice(SlotFormat.Auto);
        // What nothing is said of anew stays as it is, and so in its partition.
        var keys = successor?.Key is null ? null : await SlotEncoder.OpenAsync(registry, successor, wanted.To, RecordSlot.Key, choice, cancellationToken);
        var values = await SlotEncoder.OpenAsync(registry, successor, wanted.To, RecordSlot.Value, choice, cancellationToken);
        return new RecordTransfer(decoder, keys, values, after, keepsPartitions: before == after && keys is null);
    }

    private static void RequireSameTypes(Wanted wanted, TopicContract? old, TopicContract? successor)
    {
        foreach (var slot in new[] { RecordSlot.Key, RecordSlot.Value })
        {
            if (old?[slot] is { } was && successor?[slot] is { } becomes && !was.IsSameType(becomes))
            {
                throw ErrorCatalog.ContractViolated.Exception(
                    $"The {(slot == RecordSlot.Key ? "keys" : "values")} of '{wanted.From}' are {was.Describe()}, those of '{wanted.To}' {becomes.Describe()}.",
                    "Bytes that are copied would be of the wrong type.",
                    "Write them anew: --reencode.");
            }
        }
    }

    private static void Json(CommandContext context, Wanted wanted, long records, long skipped, int partitions) => context.Output.Json(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("from", wanted.From);
        writer.WriteString("to", wanted.To);
        writer.WriteString("mode", wanted.Mode);
        writer.WriteNumber("records", records);
        writer.WriteNumber("skipped", skipped);
        writer.WriteNumber("partitions", partitions);
        writer.WriteString("guarantee", Migration.Guarantee);
        writer.WriteEndObject();
    });

    private sealed record Wanted(string From, string To, bool Reencodes, bool SkipsUnfit, bool Follows, bool Restarts, string Id)
    {
        public string Mode => Reencodes ? "reencode" : "copy";
    }
}
