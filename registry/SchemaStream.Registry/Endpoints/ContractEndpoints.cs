using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SchemaStream.Registry.Core;
using SchemaStream.Registry.Core.Commands;
using SchemaStream.Registry.Core.Contracts;
using SchemaStream.Registry.Http;
using SchemaStream.Registry.Security.Permissions;
using SchemaStream.Registry.Topics;

namespace SchemaStream.Registry.Endpoints;

/// <summary><c>/contracts/topics</c>: what each topic carries, for good.</summary>
internal sealed class ContractEndpoints(RegistryWriter registry, TopicTypes topics)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Get("/contracts/topics", ListAsync);
        routes.Get("/contracts/topics/{topic}", ReadAsync);
        routes.Put("/contracts/topics/{topic}", BindAsync);
        routes.Delete("/contracts/topics/{topic}", UnbindAsync);
        routes.Get("/contracts/topics/{topic}/history", HistoryAsync);
        routes.Post("/contracts/topics/{topic}/successor", SucceedAsync);
    }

    private Task ListAsync(HttpContext context)
    {
        var contracts = registry.Image.Contracts;
        var prefix = context.Text("topicPrefix") ?? "";
        var maySee = RequestState.Of(context).MaySeeTopic;
        var all = contracts.ByTopic.Values
            .Where(contract => contract.Topic.StartsWith(prefix, StringComparison.Ordinal) && maySee?.Invoke(contract.Topic) != false)
            .OrderBy(contract => contract.Topic, StringComparer.Ordinal);
        return Reply.OutcomeAsync(
            context,
            context.Page(all, int.MaxValue),
            (writer, page) => Lists.Of(
                writer, page, contract => ContractJson.Write(writer, contracts, contract.ToContract())));
    }

    private async Task ReadAsync(HttpContext context)
    {
        var topic = context.Segment(2);
        if (!registry.Image.Contracts.ByTopic.ContainsKey(topic))
        {
            await topics.EnsureAsync(topic, context.RequestAborted).ConfigureAwait(false);
        }

        var contracts = registry.Image.Contracts;
        await (contracts.ByTopic.TryGetValue(topic, out var contract)
            ? Reply.JsonAsync(context, writer => ContractJson.Write(writer, contracts, contract.ToContract()))
            : Reply.ErrorAsync(context, ContractRefusals.NoContract(topic))).ConfigureAwait(false);
    }

    private Task HistoryAsync(HttpContext context)
    {
        var topic = context.Segment(2);
        return registry.Image.Contracts.History.TryGetValue(topic, out var facts)
            ? Reply.OutcomeAsync(
                context,
                context.Page(facts, int.MaxValue),
                (writer, page) => Lists.Of(writer, page, fact => ContractJson.WriteFact(writer, fact)))
            : Reply.ErrorAsync(context, ContractRefusals.NoContract(topic));
    }

    private async Task BindAsync(HttpContext context)
    {
        var topic = context.Segment(2);
        var by = By(context, $"PUT /contracts/topics/{topic}");
        var body = await RequestBody.ReadAsync(context, element => ReadClaim(topic, element, by)).ConfigureAwait(false);
        if (!body.TryGet(out var command, out var error) || (error = Denied(context, command)) is not null)
        {
            await Reply.ErrorAsync(context, error).ConfigureAwait(false);
            return;
        }

        await topics.EnsureAsync(topic, context.RequestAborted).ConfigureAwait(false);
        await SubmitAsync(context, command).ConfigureAwait(false);
    }

    private async Task SucceedAsync(HttpContext context)
    {
        var topic = context.Segment(2);
        var by = By(context, $"POST /contracts/topics/{topic}/successor");
        var body = await RequestBody.ReadAsync(context, element => ReadSuccessor(topic, element, by)).ConfigureAwait(false);
        if (!body.TryGet(out var command, out var error) || (error = Denied(context, command)) is not null)
        {
            await Reply.ErrorAsync(context, error).ConfigureAwait(false);
            return;
        }

        var bound = await registry.SubmitAsync(command, context.RequestAborted).ConfigureAwait(false);
        if (bound.TryGet(out var successor, out error))
        {
            error = await CreateAsync(context, topic, successor).ConfigureAwait(false);
        }

        await (error is null
            ? Reply.JsonAsync(context, writer => ContractJson.Write(writer, registry.Image.Contracts, successor!))
            : Reply.ErrorAsync(context, error)).ConfigureAwait(false);
    }

    private RegistryError? Denied(HttpContext context, BindContract command) => Denied(
        context, BindingRights.Subjects(registry.Image, command.Topic, command.Key, command.Value));

    /// <summary>A successor needs as much for the old topic and for the new one, whichever slots it says anew.</summary>
    private RegistryError? Denied(HttpContext context, BindSuccessor command)
    {
        var name = command.Successor
            ?? registry.Image.Contracts.Successors.GetValueOrDefault(command.Topic) ?? ContractRefusals.SuccessorOf(command.Topic);
        return Denied(
            context,
            new[] { $"{command.Topic}-key", $"{command.Topic}-value", $"{name}-key", $"{name}-value" }
                .Concat(BindingRights.Subjects(registry.Image, name, command.Key, command.Value)));
    }

    private static RegistryError? Denied(HttpContext context, IEnumerable<string> subjects) =>
        RequestState.Of(context).MayWrite is { } mayWrite
            ? subjects.Select(mayWrite).FirstOrDefault(refusal => refusal is not null)
            : null;

    /// <summary>The successor's topic, where the cluster has the one before it.</summary>
    private async Task<RegistryError?> CreateAsync(HttpContext context, string predecessor, TopicContract successor)
    {
        if (topics.Directory is null)
        {
            return null;
        }

        try
        {
            var stated = new StatedTopic(
                successor.Topic, StatedTypes.Format(successor.Key), StatedTypes.Format(successor.Value));
            await topics.Directory.CreateAsync(stated, predecessor, context.RequestAborted).ConfigureAwait(false);
            return null;
        }
        catch (TopicDirectoryException refused)
        {
            return new RegistryError(
                ErrorCodes.StoreTimedOut,
                $"The contract of '{successor.Topic}' is bound; the topic could not be made: {refused.Message} Ask again, or make it.");
        }
    }

    private async Task UnbindAsync(HttpContext context)
    {
        var topic = context.Segment(2);
        var presence = await PresenceAsync(context, topic).ConfigureAwait(false);
        if (!presence.TryGet(out var known, out var error))
        {
            await Reply.ErrorAsync(context, error).ConfigureAwait(false);
            return;
        }

        await SubmitAsync(
            context, new UnbindContract(topic, known, By(context, $"DELETE /contracts/topics/{topic}"))).ConfigureAwait(false);
    }

    /// <summary>The cluster is asked where there is one; saying so by force is for registries that have none.</summary>
    private async Task<Outcome<TopicPresence>> PresenceAsync(HttpContext context, string topic)
    {
        if (topics.Directory is null)
        {
            return context.Flag("force") ? TopicPresence.SaidToBeGone : TopicPresence.Unknown;
        }

        try
        {
            return await topics.Directory.FindAsync(topic, context.RequestAborted).ConfigureAwait(false) is null
                ? TopicPresence.Gone
                : TopicPresence.Exists;
        }
        catch (TopicDirectoryException silent)
        {
            return new RegistryError(
                ErrorCodes.StoreTimedOut, $"The cluster does not say whether topic '{topic}' is gone: {silent.Message}");
        }
    }

    private async Task SubmitAsync(HttpContext context, IRegistryCommand<TopicContract> command)
    {
        var bound = await registry.SubmitAsync(command, context.RequestAborted).ConfigureAwait(false);
        await Reply.OutcomeAsync(
            context, bound, (writer, contract) => ContractJson.Write(writer, registry.Image.Contracts, contract))
            .ConfigureAwait(false);
    }

    /// <summary>The call, and who made it where that is known.</summary>
    private static string By(HttpContext context, string call) =>
        RequestState.Of(context).Caller is { } caller ? $"{caller.Name} ({call})" : call;

    private static Outcome<BindContract> ReadClaim(string topic, JsonElement body, string by)
    {
        var fields = new JsonFields(body);
        if (!ReadSlots(fields, out var named, out var value).TryGet(out var key, out var error))
        {
            return error;
        }

        return named is not null && named != topic
            ? new RegistryError(
                ErrorCodes.InvalidContract, $"The path names topic '{topic}', the body names '{named}'.")
            : new BindContract(topic, key.Contract, value.Contract, by);
    }

    private static Outcome<BindSuccessor> ReadSuccessor(string topic, JsonElement body, string by)
    {
        var fields = new JsonFields(body);
        return ReadSlots(fields, out var named, out var value).TryGet(out var key, out var error)
            ? new BindSuccessor(topic, string.IsNullOrEmpty(named) ? null : named, key.Contract, value.Contract, by)
            : error;
    }

    /// <summary>The body of both calls; gives the key's slot.</summary>
    private static Outcome<SentSlot> ReadSlots(JsonFields fields, out string? topic, out SentSlot value)
    {
        value = default;
        topic = fields.Text("topic");
        var (keyFields, valueFields) = (fields.Object("key"), fields.Object("value"));
        if (fields.Error is { } malformed)
        {
            return malformed;
        }

        return ContractJson.ReadSlot("key", keyFields).TryGet(out var key, out var error)
            && ContractJson.ReadSlot("value", valueFields).TryGet(out value, out error)
                ? key
                : error;
    }
}
