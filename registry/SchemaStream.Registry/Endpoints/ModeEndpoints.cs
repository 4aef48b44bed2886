using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SchemaStream.Registry.Core;
using SchemaStream.Registry.Core.Commands;
using SchemaStream.Registry.Core.State;
using SchemaStream.Registry.Http;

namespace SchemaStream.Registry.Endpoints;

/// <summary><c>/mode</c>: the registry's own and each subject's.</summary>
internal sealed class ModeEndpoints(RegistryWriter registry)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var path in new[] { "/mode", "/mode/{subject}" })
        {
            routes.Get(path, ReadAsync);
            routes.Put(path, SetAsync);
            routes.Delete(path, DeleteAsync);
        }
    }

    private Task ReadAsync(HttpContext context)
    {
        var scope = context.Scope();
        var mode = context.Flag("defaultToGlobal")
            ? registry.Image.ModeInForce(scope ?? default)
            : registry.Image.OwnMode(scope);
        return mode is null
            ? Reply.ErrorAsync(context, new RegistryError(
                ErrorCodes.SubjectModeNotFound,
                $"Subject '{scope}' has no mode of its own; defaultToGlobal=true shows what holds for it."))
            : Reply.JsonAsync(context, writer => Write(writer, new ModeReply(mode)));
    }

    private async Task SetAsync(HttpContext context)
    {
        var body = await RequestBody.ReadAsync(context, ReadMode).ConfigureAwait(false);
        if (!body.TryGet(out var asked, out var error))
        {
            await Reply.ErrorAsync(context, error).ConfigureAwait(false);
            return;
        }

        var change = context.Flag("force") ? ModeChange.Forced : ModeChange.Checked;
        var set = await registry.SubmitAsync(new SetMode(context.Scope(), asked.Mode, change), context.RequestAborted)
            .ConfigureAwait(false);
        await Reply.OutcomeAsync(context, set, Write).ConfigureAwait(false);
    }

    private async Task DeleteAsync(HttpContext context)
    {
        var reach = context.Flag("recursive") ? Reach.Below : Reach.This;
        var old = await registry.SubmitAsync(new DeleteMode(context.Scope(), reach), context.RequestAborted)
            .ConfigureAwait(false);
        await Reply.OutcomeAsync(context, old, Write).ConfigureAwait(false);
    }

    /// <summary>An explicit null forgets the mode; none at all is a mistake.</summary>
    private static Outcome<ModeReply> ReadMode(JsonElement body)
    {
        var fields = new JsonFields(body);
        var name = fields.Text("mode");
        var mode = RegistryNames.ModeOf(name);
        if (fields.Error is { } malformed)
        {
            return malformed;
        }

        return !fields.Has("mode") || (name is not null && mode is null)
            ? new RegistryError(
                ErrorCodes.InvalidMode, $"'mode' is {(name is null ? "missing" : $"'{name}'")}. Modes are {RegistryNames.AllModes}.")
            : new ModeReply(mode);
    }

    private static void Write(Utf8JsonWriter writer, ModeReply reply)
    {
        writer.WriteStartObject();
        if (reply.Mode is { } mode)
        {
            writer.WriteString("mode", RegistryNames.NameOf(mode));
        }

        writer.WriteEndObject();
    }
}
