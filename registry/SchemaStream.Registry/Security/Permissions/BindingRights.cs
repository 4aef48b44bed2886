using SchemaStream.Registry.Core;
using SchemaStream.Registry.Core.Contracts;
using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Security.Permissions;

/// <summary>Which subjects one has to be allowed to write to bind a topic.</summary>
/// <remarks>
/// Those of the topic itself, as well as others that are named: a topic belongs to those who could bind it by registering a
/// schema, and no other subject is reason enough to close it to them. And those that bear a type's name, where the contract
/// would hold them tighter than they are: what is kept there is others' to change.
/// </remarks>
internal static class BindingRights
{
    public static IEnumerable<string> Subjects(RegistryImage image, string topic, SlotContract? key, SlotContract? value) =>
        Subjects(image, new TopicSlot(topic, RecordSlot.Key), key)
            .Concat(Subjects(image, new TopicSlot(topic, RecordSlot.Value), value));

    private static IEnumerable<string> Subjects(RegistryImage image, TopicSlot slot, SlotContract? claim)
    {
        if (claim is null)
        {
            yield break;
        }

        yield return slot.DefaultSubject;
        if (claim.Subject is { } named)
        {
            yield return named;
        }

        foreach (var type in TypeSet.Names(claim).Where(type => IsTightened(image.Subject(Subject.Parse(type)), slot, claim)))
        {
            yield return type;
        }
    }

    private static bool IsTightened(SubjectImage subject, TopicSlot slot, SlotContract claim)
    {
        // Keys are frozen unless it is said otherwise.
        var evolution = claim.Evolution ?? (slot.Slot == RecordSlot.Key ? EvolutionPolicy.Frozen : EvolutionPolicy.Compatible);
        return subject.Latest is { } latest && (evolution == EvolutionPolicy.Frozen || latest.Schema.Format != claim.Format);
    }
}
