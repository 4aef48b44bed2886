using System.CommandLine;
using System.Globalization;
using SchemaStream.Cli.Errors;
using SchemaStream.Cli.Kafka;
using SchemaStream.Cli.Kafka.Groups;
using SchemaStream.Cli.Output;
using SchemaStream.Protocol;

namespace SchemaStream.Cli.Groups;

/// <summary><c>schemastream groups delete</c>.</summary>
internal static class DeleteCommand
{
    public static Command Create()
    {
        var groups = new Argument<string[]>("GROUP") { Description = "The consumer groups", Arity = ArgumentArity.OneOrMore };
        return CommonOptions.Attach(
            new FriendlyCommand("delete", "Deletes groups without members, with all their offsets.") { groups },
            (context, cancellation) => RunAsync(context, [.. context.Get(groups).Distinct(StringComparer.Ordinal)], cancellation),
            isDestructive: true);
    }

    private static async Task<int> RunAsync(CommandContext context, List<string> names, CancellationToken cancellationToken)
    {
        await using var cluster = context.OpenCluster();
        foreach (var name in names)
        {
            // All of them can be deleted, or none is touched.
            var group = await GroupLookup.RequireAsync(cluster, name, cancellationToken);
            if (group.Members.Count > 0)
            {
                throw ErrorCatalog.GroupInUse.Exception(
                    $"Group '{name}' is not deleted.", $"It has {group.Members.Count} member(s).", $"Stop its programs; `schemastream groups members {name}` shows them.");
            }
        }

        if (!context.IsDryRun)
        {
            context.RequireConfirmed(names is [var one]
                ? $"Delete group '{one}' with its offsets?"
                : string.Create(CultureInfo.InvariantCulture, $"Delete {names.Count} groups ({string.Join(", ", names)}) with their offsets?"));
        }

        var administration = new GroupAdministration(cluster);
        var outcomes = new List<Outcome>();
        foreach (var name in names)
        {
            context.Output.Progress("deleting", outcomes.Count, names.Count);
            var error = context.IsDryRun ? ErrorCode.None : await administration.DeleteAsync(name, cancellationToken);
            outcomes.Add(new Outcome(name, !context.IsDryRun && error == ErrorCode.None, error == ErrorCode.None ? null : KafkaErrors.Describe(error)));
        }

        context.Output.Progress("deleting", outcomes.Count, names.Count);
        Outcome.Tell(context, "groups", "group", outcomes);
        return outcomes.Find(outcome => outcome.Error is not null) is { } failed
            ? throw ErrorCatalog.NotAllDone.Exception($"Group '{failed.Name}' was not deleted.", failed.Error)
            : ExitCodes.Done;
    }
}
