using System.CommandLine;
using System.Globalization;
using SchemaStream.Cli.Errors;
using SchemaStream.Cli.Kafka.Topics;
using SchemaStream.Cli.Output;

namespace SchemaStream.Cli.Topics;

/// <summary><c>schemastream topics delete</c>.</summary>
internal static class DeleteCommand
{
    public static Command Create()
    {
        var topics = new Argument<string[]>("TOPIC") { Description = "The topics", Arity = ArgumentArity.OneOrMore };
        var ifExists = new Option<bool>("--if-exists") { Description = "A topic that is not there is no error" };
        return CommonOptions.Attach(
            new FriendlyCommand("delete", "Deletes topics with all their records.") { topics, ifExists },
            (context, cancellation) => RunAsync(context, [.. context.Get(topics).Distinct(StringComparer.Ordinal)], context.Get(ifExists), cancellation),
            isDestructive: true);
    }

    private static async Task<int> RunAsync(CommandContext context, List<string> names, bool ifExists, CancellationToken cancellationToken)
    {
        await using var cluster = context.OpenCluster();
        if (ifExists)
        {
            var there = (await TopicLookup.AllAsync(cluster, cancellationToken)).Select(topic => topic.Name).ToHashSet(StringComparer.Ordinal);
            names.RemoveAll(name => !there.Contains(name));
        }

        // All of them are there, or none is touched.
        await TopicLookup.RequireAsync(cluster, names, cancellationToken);
        if (names.Count > 0 && !context.IsDryRun)
        {
            context.RequireConfirmed(names is [var one]
                ? $"Delete topic '{one}' with all its records?"
                : string.Create(CultureInfo.InvariantCulture, $"Delete {names.Count} topics ({string.Join(", ", names)}) with all their records?"));
        }

        var topics = new TopicAdministration(cluster);
        var outcomes = new List<Outcome>();
        foreach (var name in names)
        {
            context.Output.Progress("deleting", outcomes.Count, names.Count);
            outcomes.Add(context.IsDryRun ? new Outcome(name, false, null) : await DeleteAsync(topics, name, cancellationToken));
        }

        context.Output.Progress("deleting", outcomes.Count, names.Count);
        Outcome.Tell(context, "topics", "topic", outcomes);
        return outcomes.Find(outcome => outcome.Error is not null) is { } failed
            ? throw ErrorCatalog.NotAllDone.Exception($"Topic '{failed.Name}' was not deleted.", failed.Error)
            : ExitCodes.Done;
    }

    private static async Task<Outcome> DeleteAsync(TopicAdministration topics, string name, CancellationToken cancellationToken)
    {
        try
        {
            await topics.DeleteAsync([name], cancellationToken);
            return new Outcome(name, true, null);
        }
        catch (Exception refused) when (ErrorTranslation.Of(refused) is not null)
        {
            return new Outcome(name, false, refused.Message);
        }
    }
}
