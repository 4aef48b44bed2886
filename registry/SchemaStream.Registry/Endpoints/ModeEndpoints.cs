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
        routes.Get("/mode", context => Reply.JsonAsync(
            context, writer => Write(writer, new ModeReply(registry.Image.GlobalMode ?? RegistryMode.ReadWrite))));
        routes.Get("/mode/{subject}", ReadAsync);
        routes.Put("/mode", context => SetAsync(context, null));
        routes.Put("/mode/{subject}", context => SetAsync(context, SubjectOf(context)));
        routes.Delete("/mode", context => DeleteAsync(context, null));
        routes.Delete("/mode/{subject}", context => DeleteAsync(context, SubjectOf(context)));
    }

    private Task ReadAsync(HttpContext context)
    {
        var subject = SubjectOf(context);
        var mode = context.Flag("defaultToGlobal")
            ? registry.Image.ModeInForce(subject)
            : registry.Image.Subject(subject).Mode;
        return mode is null
            ? Reply.ErrorAsync(context, new RegistryError(
                ErrorCodes.SubjectModeNotFound,
                $"Subject '{subject}' has no mode of its own; defaultToGlobal=true shows what holds for it."))
            : Reply.JsonAsync(context, writer => Write(writer, new ModeReply(mode)));
    }

    private async Task SetAsync(HttpContext context, Subject? subject)
    {
        var body = await RequestBody.ReadAsync(context, ReadMode).ConfigureAwait(false);
        if (!body.TryGet(out var asked, out var error))
        {
            await Reply.ErrorAsync(context, error).ConfigureAwait(false);
            return;
        }

        var change = context.Flag("force") ? ModeChange.Forced : ModeChange.Checked;
        var set = await registry.SubmitAsync(new SetMode(subject, asked.Mode, change), context.RequestAborted)
            .ConfigureAwait(false);
        await Reply.OutcomeAsync(context, set, Write).ConfigureAwait(false);
    }

    private async Task DeleteAsync(HttpContext context, Subject? subject)
    {
        var reach = context.Flag("recursive") ? Reach.Below : Reach.This;
        var old = await registry.SubmitAsync(new DeleteMode(subject, reach), context.RequestAborted).ConfigureAwait(false);
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

    private static Subject SubjectOf(HttpContext context) => Subject.Parse(context.Segment(1));
}
