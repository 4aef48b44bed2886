using SchemaStream.Registry.Core.Records;
using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Core.Commands;

/// <summary>Deletes a context that holds nothing, not even what is soft-deleted. Replies its name.</summary>
/// <remarks>Its ids are not given out again: a context of the same name counts on.</remarks>
public sealed record DeleteContext(string Context) : IRegistryCommand<string>
{
    public Decision<string> Decide(RegistryImage image, RegistryRules rules, DateTimeOffset now)
    {
        var occupied = image.Subjects.Values
            .Where(subject => subject.Subject.Context == Context && !subject.Versions.IsEmpty)
            .Select(subject => subject.Subject)
            .Order()
            .Take(1)
            .ToArray();
        if (occupied.Length > 0)
        {
            return new RegistryError(
                ErrorCodes.ContextNotEmpty,
                $"Context '{Context}' is not empty: subject '{occupied[0]}' is in it, deleted softly perhaps. " +
                "Delete its subjects for good first.");
        }

        return new(
            Context,
            image.Contexts.TryGetValue(Context, out var known) && known.IsListed
                ? [new ContextRecord(Context, ContextPresence.Gone)]
                : []);
    }
}

/// <summary>What is written of a context when its first schema comes.</summary>
internal static class ContextRules
{
    public static IEnumerable<RegistryRecord> Claim(RegistryImage image, Subject subject)
    {
        if (!subject.IsInDefaultContext && !image.Context(subject.Context).IsListed)
        {
            yield return new ContextRecord(subject.Context, ContextPresence.Listed);
        }
    }
}
