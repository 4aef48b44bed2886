using System.CommandLine;
using System.Globalization;
using SchemaStream.Cli.Errors;
using SchemaStream.Cli.Kafka;
using SchemaStream.Cli.Kafka.Connecting;
using SchemaStream.Cli.Kafka.Topics;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Cli.Topics;

/// <summary><c>schemastream topics alter</c>: more partitions, other settings; asks, for records may go and keys may move.</summary>
internal static class AlterCommand
{
    private const sbyte TopicResource = 2;
    private const sbyte SetOperation = 0;
    private const sbyte DeleteOperation = 1;

    public static Command Create()
    {
        var topic = new Argument<string>("TOPIC") { Description = "The topic" };
        var partitions = new Option<int?>("--partitions") { Description = "How many there are to be; never fewer", HelpName = "N" };
        var set = TopicSettings.Option("--set");
        var unset = new Option<string[]>("--unset") { Description = "A setting that is to be as the brokers have it; may be repeated", HelpName = "NAME", DefaultValueFactory = _ => [] };
        TopicSettings.AtLeastOne(partitions);
        var command = new FriendlyCommand("alter", "Gives a topic more partitions or other settings.") { topic, partitions, set, unset };
        command.Validators.Add(result =>
        {
            if (result.GetResult(partitions) is null or { Implicit: true } && result.GetResult(set) is null or { Implicit: true }
                && result.GetResult(unset) is null or { Implicit: true })
            {
                result.AddError("--partitions, --set or --unset is expected.");
            }
        });
        return CommonOptions.Attach(
            command,
            (context, cancellation) =>
            {
                var settings = TopicSettings.Read(context.Get(set)).ToDictionary(each => each.Key, each => (string?)each.Value, StringComparer.Ordinal);
                foreach (var name in context.Get(unset))
                {
                    settings[name] = null;
                }

                return RunAsync(context, context.Get(topic), context.Arguments.GetValue(partitions), settings, cancellation);
            },
            isDestructive: true);
    }

    private static async Task<int> RunAsync(
        CommandContext context, string name, int? partitions, Dictionary<string, string?> wanted, CancellationToken cancellationToken)
    {
        await using var cluster = context.OpenCluster();
        var topic = (await TopicLookup.RequireAsync(cluster, [name], cancellationToken))[0];
        if (partitions < topic.Partitions.Count)
        {
            throw ErrorCatalog.Usage.Exception(
                $"Topic '{name}' has {topic.Partitions.Count} partitions, and cannot have {partitions}.",
                "Fewer partitions would lose records.",
                "Create another topic and bring the records over.");
        }

        var topics = new TopicAdministration(cluster);
        var present = (await topics.SettingsAsync([name], cancellationToken))[name].ToDictionary(each => each.Name, StringComparer.Ordinal);
        foreach (var key in wanted.Keys)
        {
            if (!present.ContainsKey(key))
            {
                throw ErrorCatalog.Usage.Exception($"Topics have no setting '{key}'.", nextStep: NearMisses.Ask(key, present.Keys));
            }
        }

        List<SettingChange> changes = [.. wanted.Select(each => new SettingChange(each.Key, present[each.Key].Value, each.Value))
            .Where(each => each.To is null ? present[each.Name].ConfigSource == 1 : each.To != each.From)
            .OrderBy(each => each.Name, StringComparer.Ordinal)];
        var grows = partitions > topic.Partitions.Count ? partitions : null;
        Tell(context, topic.Partitions.Count, grows, changes);
        var isChange = grows is not null || changes.Count > 0;
        if (isChange && !context.IsDryRun)
        {
            context.RequireConfirmed(grows is null
                ? $"Change topic '{name}'?"
                : $"Change topic '{name}'? Keys will go to other partitions than before, so records of one key are in order no longer across the change.");
            await ApplyAsync(cluster, topics, name, grows, changes, cancellationToken);
            context.Output.Line($"changed topic {name}");
        }

        Write(context, name, topic.Partitions.Count, grows, changes, isChange && !context.IsDryRun);
        return ExitCodes.Done;
    }

    /// <summary>Settings first: they can be put back, partitions cannot.</summary>
    private static async Task ApplyAsync(
        ToolCluster cluster, TopicAdministration topics, string name, int? partitions, List<SettingChange> changes, CancellationToken cancellationToken)
    {
        if (changes.Count > 0)
        {
            var answer = await cluster.AskControllerAsync(
                new IncrementalAlterConfigsRequest
                {
                    Resources =
                    [
                        new()
                        {
                            ResourceType = TopicResource,
                            ResourceName = name,
                            Configs = [.. changes.Select(change => new IncrementalAlterConfigsRequest.AlterableConfig
                            {
                                Name = change.Name, ConfigOperation = change.To is null ? DeleteOperation : SetOperation, Value = change.To,
                            })],
                        },
                    ],
                },
                cancellationToken);
            foreach (var result in answer.Responses)
            {
                if (result.ErrorCode != ErrorCode.None)
                {
                    throw new ToolFailedException(result.ErrorCode, result.ErrorMessage, $"Topic '{name}' was not changed");
                }
            }
        }

        if (partitions is { } count)
        {
            try
            {
                await topics.SetPartitionsAsync([name], count, [], cancellationToken);
            }
            catch (ToolFailedException refused) when (changes.Count > 0)
            {
                throw ErrorCatalog.NotAllDone.Exception($"The settings of topic '{name}' were changed, its partitions were not.", refused.Message, inner: refused);
            }
        }
    }

    private static void Tell(CommandContext context, int before, int? partitions, List<SettingChange> changes)
    {
        if (partitions is null && changes.Count == 0)
        {
            context.Output.Line("all of it is so already");
            return;
        }

        List<IReadOnlyList<string>> rows = [.. changes.Select(IReadOnlyList<string> (change) => [change.Name, change.From ?? "-", change.To ?? "(the brokers' own)"])];
        if (partitions is { } count)
        {
            rows.Insert(0, ["(partitions)", before.ToString(CultureInfo.InvariantCulture), count.ToString(CultureInfo.InvariantCulture)]);
        }

        context.Output.Table(["SETTING", "IS", "WILL BE"], rows);
    }

    private static void Write(CommandContext context, string name, int before, int? partitions, List<SettingChange> changes, bool isDone) => context.Output.Json(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("topic", name);
        writer.WriteBoolean("changed", isDone);
        writer.WriteBoolean("dryRun", context.IsDryRun);
        writer.WriteStartObject("partitions");
        writer.WriteNumber("from", before);
        writer.WriteNumber("to", partitions ?? before);
        writer.WriteEndObject();
        writer.WriteStartArray("settings");
        foreach (var change in changes)
        {
            writer.WriteStartObject();
            writer.WriteString("name", change.Name);
            writer.WriteString("from", change.From);
            writer.WriteString("to", change.To);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    /// <summary>A setting as it is and as it is to be; null: as the brokers have it.</summary>
    private sealed record SettingChange(string Name, string? From, string? To);
}
