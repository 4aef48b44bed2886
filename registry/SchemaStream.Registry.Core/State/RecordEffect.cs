using SchemaStream.Registry.Core.Records;

namespace SchemaStream.Registry.Core.State;

/// <summary>Whether a fact counts, on a log that others write to as well.</summary>
public static class RecordEffect
{
    /// <summary>
    /// Whether the image says what the record says. A schema whose id went to another, or a claim upon a topic that is
    /// bound otherwise, counts for nothing; of everything else the last one counts.
    /// </summary>
    public static bool Holds(this RegistryImage image, RegistryRecord record) => record switch
    {
        SchemaRecord { Value: { } value } r =>
            image.Subject(r.Key.Subject).Find(r.Key.Version) is { } entry
            && entry.Schema.Id == value.Id
            && entry.Schema.Guid == value.Content.Guid
            && entry.State == value.State,
        SchemaRecord r => image.Subject(r.Key.Subject).Find(r.Key.Version) is null,
        BindRecord r =>
            image.Contracts.ByTopic.GetValueOrDefault(r.Topic) is { } bound
            && bound.Admits(RecordSlot.Key, r.Key)
            && bound.Admits(RecordSlot.Value, r.Value)
            && (r.Predecessor is null || bound.Predecessor == r.Predecessor),
        UnbindRecord r => !image.Contracts.ByTopic.ContainsKey(r.Topic),
        ConfigRecord { Subject: { } subject } r => SaySame(r, new ConfigRecord(subject, image.Subject(subject).Config)),
        ConfigRecord r => SaySame(r, new ConfigRecord(null, image.GlobalConfig)),
        ModeRecord { Subject: { } subject } r => image.Subject(subject).Mode == r.Mode,
        ModeRecord r => image.GlobalMode == r.Mode,
        DeleteSubjectRecord r => image.Subject(r.Subject).Live.All(entry => entry.Version > r.UpToVersion),
        ClearSubjectRecord r => image.Subject(r.Subject).Versions.IsEmpty,
        AssociationRecord r => image.Associations.ByKey.GetValueOrDefault(r.Key)?.Value == r.Value,
        ContextRecord r => image.Context(r.Context).IsListed == (r.Presence == ContextPresence.Listed),
        _ => true,
    };

    /// <summary>What is written alike is alike: maps and lists within have no other equality.</summary>
    private static bool SaySame(ConfigRecord left, ConfigRecord right) => Written(left).SequenceEqual(Written(right));

    private static ReadOnlySpan<byte> Written(ConfigRecord record) =>
        RecordWriter.Write(record, DateTimeOffset.UnixEpoch).Value;
}
