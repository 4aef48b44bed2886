using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using SchemaStream.Registry.Core.Records;
using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Core.Queries;

/// <summary>Which associations are meant; what is null or empty is any.</summary>
public sealed record AssociationFilter(
    string? ResourceType = null, IReadOnlyList<string>? Types = null, AssociationLifecycle? Lifecycle = null)
{
    public static AssociationFilter Any { get; } = new();

    internal bool Takes(Association association) =>
        (ResourceType is null || association.Key.ResourceType == ResourceType)
        && (Types is not { Count: > 0 } || Types.Contains(association.Key.AssociationType))
        && (Lifecycle is null || association.Value.Lifecycle == Lifecycle);
}

/// <summary>Associations: those that were stated, and those that explicit contracts amount to.</summary>
/// <remarks>
/// A contract that someone has stated may name the subject that a topic's key or value has. It is seen as an association
/// that is WEAK, for other topics may share the subject, and that has the topic's name for its id. A contract that is
/// implicit or has the topic's default subject is none: it says no more than every client assumes, and a client of another
/// strategy must not be sent elsewhere by it.
/// </remarks>
public static class AssociationQuery
{
    public static IEnumerable<Association> BySubject(RegistryImage image, Subject subject, AssociationFilter filter) =>
        Shown(
            image.Associations.OfSubject(subject)
                .Concat(image.Contracts.BoundTo(subject).SelectMany(bound => OfContract(image, bound.Slot))),
            filter);

    public static IEnumerable<Association> ByResource(RegistryImage image, string resourceId, AssociationFilter filter) =>
        Shown(image.Associations.OfResource(resourceId).Concat(OfContract(image, resourceId)), filter);

    /// <summary>By the resource's name; <c>-</c> is any namespace, or any name.</summary>
    public static IEnumerable<Association> ByName(
        RegistryImage image, string resourceNamespace, string resourceName, AssociationFilter filter)
    {
        var named = resourceName == AssociationNames.Any
            ? image.Associations.ByKey.Values.Concat(image.Contracts.ByTopic.Keys.SelectMany(topic => OfContract(image, topic)))
            : image.Associations.OfName(resourceName).Concat(OfContract(image, resourceName));
        return Shown(
            named.Where(association =>
                resourceNamespace == AssociationNames.Any
                || association.Origin == AssociationOrigin.Contract
                || association.Key.ResourceNamespace == resourceNamespace),
            filter);
    }

    /// <summary>Whether a resource has the subject for its own.</summary>
    public static bool IsStronglyAssociated(RegistryImage image, Subject subject) =>
        image.Associations.OfSubject(subject).Any(association => association.IsStrong);

    private static IEnumerable<Association> OfContract(RegistryImage image, string topic) =>
        new[] { RecordSlot.Key, RecordSlot.Value }.SelectMany(slot => OfContract(image, new TopicSlot(topic, slot)));

    /// <summary>What a slot's contract amounts to; nothing where an association says it already.</summary>
    private static IEnumerable<Association> OfContract(RegistryImage image, TopicSlot slot)
    {
        if (image.Contracts.ByTopic.GetValueOrDefault(slot.Topic)?[slot.Slot]
                is not { Binding: ContractBinding.Explicit, Contract.Subject: { } subject } bound
            || subject == slot.DefaultSubject
            || image.Associations.OfSlot(slot).Any())
        {
            yield break;
        }

        var type = ContractNames.NameOf(slot.Slot);
        yield return new Association(
            new AssociationKey(slot.Topic, AssociationNames.Any, AssociationNames.Topic, type, Subject.Parse(subject)),
            new AssociationValue(NameFrom("contract", slot.Topic, type), slot.Topic, AssociationLifecycle.Weak, Frozen: false),
            bound.Since,
            bound.Since)
        {
            Origin = AssociationOrigin.Contract,
        };
    }

    /// <summary>A GUID made of words: the same words, the same GUID.</summary>
    internal static string NameFrom(params ReadOnlySpan<string> words)
    {
        var text = new ArrayBufferWriter<byte>();
        foreach (var word in words)
        {
            Encoding.UTF8.GetBytes(word, text);
            text.Write<byte>([0]);
        }

        return new Guid(SHA256.HashData(text.WrittenSpan).AsSpan(0, 16), bigEndian: true).ToString();
    }

    private static IEnumerable<Association> Shown(IEnumerable<Association> all, AssociationFilter filter) =>
        from association in all
        where filter.Takes(association)
        orderby association.Key.ResourceName, association.Key.ResourceNamespace, association.Key.ResourceType,
            association.Key.AssociationType, association.Subject
        select association;
}
