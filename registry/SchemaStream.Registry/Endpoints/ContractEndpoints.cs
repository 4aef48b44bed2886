using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SchemaStream.Registry.Core;
using SchemaStream.Registry.Core.Commands;
using SchemaStream.Registry.Http;

namespace SchemaStream.Registry.Endpoints;

/// <summary><c>/contracts/topics</c>: what each topic carries, for good.</summary>
internal sealed class ContractEndpoints(RegistryWriter registry)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Get("/contracts/topics", ListAsync);
        routes.Get("/contracts/topics/{topic}", ReadAsync);
        routes.Put("/contracts/topics/{topic}", BindAsync);
    }

    private Task ListAsync(HttpContext context)
    {
        var all = registry.Image.Contracts.ByTopic.Values
            .OrderBy(contract => contract.Topic, StringComparer.Ordinal)
            .Select(contract => contract.ToContract());
        return Reply.OutcomeAsync(
            context,
            context.Page(all, int.MaxValue),
            (writer, page) => Lists.Of(writer, page, contract => ContractJson.Write(writer, contract)));
    }

    private Task ReadAsync(HttpContext context)
    {
        var topic = context.Segment(2);
        return registry.Image.Contracts.ByTopic.TryGetValue(topic, out var contract)
            ? Reply.JsonAsync(context, writer => ContractJson.Write(writer, contract.ToContract()))
            : Reply.ErrorAsync(context, new RegistryError(
                ErrorCodes.ContractNotFound,
                $"Topic '{topic}' has no contract. PUT /contracts/topics/{Uri.EscapeDataString(topic)} binds one; so does " +
                $"the first schema registered under '{topic}-key' or '{topic}-value'."));
    }

    private async Task BindAsync(HttpContext context)
    {
        var topic = context.Segment(2);
        var body = await RequestBody.ReadAsync(context, element => ReadClaim(topic, element)).ConfigureAwait(false);
        if (!body.TryGet(out var command, out var error))
        {
            await Reply.ErrorAsync(context, error).ConfigureAwait(false);
            return;
        }

        var bound = await registry.SubmitAsync(command, context.RequestAborted).ConfigureAwait(false);
        await Reply.OutcomeAsync(context, bound, ContractJson.Write).ConfigureAwait(false);
    }

    private static Outcome<BindContract> ReadClaim(string topic, JsonElement body)
    {
        var fields = new JsonFields(body);
        var named = fields.Text("topic");
        var (keyFields, valueFields) = (fields.Object("key"), fields.Object("value"));
        if (fields.Error is { } malformed)
        {
            return malformed;
        }

        if (named is not null && named != topic)
        {
            return new RegistryError(
                ErrorCodes.InvalidContract, $"The path names topic '{topic}', the body names '{named}'.");
        }

        if (!ContractJson.ReadSlot("key", keyFields).TryGet(out var key, out var error)
            || !ContractJson.ReadSlot("value", valueFields).TryGet(out var value, out error))
        {
            return error;
        }

        return new BindContract(topic, key.Contract, value.Contract, $"PUT /contracts/topics/{topic}");
    }
}
