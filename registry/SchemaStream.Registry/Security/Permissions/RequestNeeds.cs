using System.Globalization;
using Microsoft.AspNetCore.Http;
using SchemaStream.Registry.Core;
using SchemaStream.Registry.Core.Queries;
using SchemaStream.Registry.Core.State;
using SchemaStream.Registry.Http;

namespace SchemaStream.Registry.Security.Permissions;

/// <summary>What a request needs, by its method and path. A path that no line here knows needs everything.</summary>
/// <remarks>
/// Names are those that the endpoints act on: within the path's context, and an alias's target instead of the alias. Where
/// an endpoint looks in other contexts as well, those subjects count too.
/// </remarks>
internal static class RequestNeeds
{
    private const string OneWithTheSchema = "a subject that has this schema";

    /// <summary>What has to be allowed, all of it.</summary>
    public static IEnumerable<Need> Of(HttpContext context, RegistryImage image)
    {
        // Asking for a segment puts contexts and aliases in place.
        _ = context.Segment(0);
        
        // The head of an answer tells as much as its body.
        var method = HttpMethods.IsHead(context.Request.Method) ? HttpMethods.Get : context.Request.Method;
        return OfPath(context, image, method, RequestState.Of(context).Segments ?? []);
    }

    private static IEnumerable<Need> OfPath(HttpContext context, RegistryImage image, string method, string[] segments) =>
        (method, segments) switch
        {
            ("GET" or "POST", []) => [],
            ("GET", ["schemas", "types"] or ["v1", ..] or ["openapi", ..]) => [],
            ("GET", ["metrics"] or ["contexts"]) => Everything(Permission.Read),
            ("DELETE", ["contexts", var name]) => [new(Permission.Admin, ContextOf(name))],
            ("GET", ["schemas"]) => context.Flag("aliases")
                ? Everything(Permission.Read)
                : Listing(context.SubjectPrefix(otherwise: "")),
            ("GET", ["schemas", "ids", var id, ..]) => OfId(context, image, id, segments),
            ("GET", ["schemas", "guids", var guid, ..]) => OfGuid(image, guid),
            ("GET", ["subjects"] or ["settings"]) => Listing(context.SubjectPrefix(otherwise: ":*:")),
            (_, ["subjects", var subject, ..]) => OfSubject(image, method, subject, segments),
            ("POST", ["compatibility", "subjects", var subject, ..]) => [new(Permission.Compatibility, Name(subject))],
            ("GET", ["config"] or ["mode"]) => [],
            (_, ["config"]) => Everything(Permission.Compatibility),
            ("GET", ["config" or "mode", var subject]) => [new(Permission.Read, Name(subject))],
            (_, ["config", var subject]) => [new(Permission.Compatibility, Name(subject))],
            (_, ["mode", var subject]) => [new(Permission.Admin, Name(subject))],
            ("GET", ["contracts", "topics", var topic, ..]) => [OfTopic(topic)],
            // The endpoint leaves out what the caller may not see.
            ("GET", ["contracts", "topics"]) => [],
            // What these bind is in their bodies: the endpoint asks, for each subject that they name.
            ("PUT", ["contracts", "topics", _]) or ("POST", ["contracts", "topics", _, "successor"]) => [],
            ("GET", ["contracts", ..]) => Everything(Permission.Read),
            ("GET", ["associations", "subjects", var subject]) => [new(Permission.Read, Name(subject))],
            ("GET", ["associations", "resources", _, not "-" and var topic]) => [OfTopic(topic)],
            ("POST", ["associations:batchGet"]) => Everything(Permission.Read),
            ("GET", ["associations", ..]) => Everything(Permission.Read),
            _ => Everything(Permission.Admin),
        };

    private static IEnumerable<Need> OfSubject(RegistryImage image, string method, string subject, string[] segments) =>
        (method, segments) switch
        {
            ("GET", _) or ("POST", [_, _]) => Wherever(image, subject),
            ("POST", [_, _, "versions"] or [_, _, "versions", _, "tags"]) => [new(Permission.Write, Name(subject))],
            ("DELETE", _) => [new(Permission.Delete, Name(subject))],
            _ => Everything(Permission.Admin),
        };

    /// <summary>The subject; where it is unqualified, all of that name: a version that is missing is looked for among them.</summary>
    private static IEnumerable<Need> Wherever(RegistryImage image, string name)
    {
        var subject = Subject.Parse(name);
        yield return new Need(Permission.Read, subject.ToString());
        if (!subject.IsInDefaultContext)
        {
            yield break;
        }

        foreach (var context in image.Contexts.Keys)
        {
            var candidate = Subject.ParseWithin(context, subject.Name);
            if (candidate != subject && image.Subjects.ContainsKey(candidate) && !image.Subject(subject).HasLive)
            {
                yield return new Need(Permission.Read, candidate.ToString());
            }
        }
    }

    /// <summary>What a topic carries is asked by all who write to it: who may read or write one of its subjects may know.</summary>
    public static Need OfTopic(string topic) => new(
        Permission.Read | Permission.Write, [topic, topic + "-key", topic + "-value"], $"'{topic}', '{topic}-key' or '{topic}-value'");

    /// <summary>A schema may be read by who may read one of the subjects that have it; who lists its subjects must be able to read all.</summary>
    private static IEnumerable<Need> OfId(HttpContext context, RegistryImage image, string id, string[] segments)
    {
        if (!int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || !SchemaLookup.ById(image, context.SubjectParameter(), number).TryGet(out var entry, out _))
        {
            return Everything(Permission.Read);
        }

        var names = entry.Uses.Select(use => use.Subject.ToString()).Distinct().ToArray();
        return segments is [_, _, _, "subjects" or "versions"]
            ? names.Select(name => new Need(Permission.Read, name))
            : [new Need(Permission.Read, names, OneWithTheSchema)];
    }

    private static Need[] OfGuid(RegistryImage image, string text)
    {
        if (!Guid.TryParse(text, out var guid))
        {
            return Everything(Permission.Read);
        }

        var names =
            from context in image.Contexts.Values
            where context.IdByGuid.ContainsKey(guid)
            from use in context.ById[context.IdByGuid[guid]].Uses
            select use.Subject.ToString();
        return [new Need(Permission.Read, [.. names], OneWithTheSchema)];
    }

    private static Need[] Listing(string prefix) => prefix.StartsWith(":*:", StringComparison.Ordinal)
        ? Everything(Permission.Read)
        : [new Need(Permission.Read, [Name(prefix)], $"all subjects that begin with '{Name(prefix)}'")];

    private static Need[] Everything(Permission permission) => [new(permission, PermissionFile.Everything)];

    private static string ContextOf(string name) =>
        ContextName.Parse(name).TryGet(out var parsed, out _) ? ContextName.Prefix(parsed) : PermissionFile.Everything;

    private static string Name(string subject) => Subject.Parse(subject).ToString();
}

/// <summary>A permission, for one of some names.</summary>
/// <param name="Permission">What has to be allowed, or several of which one is enough.</param>
/// <param name="AnyOf">The names, of which one is enough.</param>
/// <param name="Where">How a refusal calls them: names that the caller may not read are not told.</param>
internal sealed record Need(Permission Permission, IReadOnlyList<string> AnyOf, string Where)
{
    public Need(Permission permission, string subject)
        : this(permission, [subject], subject == PermissionFile.Everything ? "everything ('*')" : $"subject '{subject}'")
    {
    }

    /// <summary>As a refusal says it.</summary>
    public override string ToString() => $"the permission '{Permission.ToString().ToLowerInvariant().Replace(", ", "' or '", StringComparison.Ordinal)}' on {Where}";
}
