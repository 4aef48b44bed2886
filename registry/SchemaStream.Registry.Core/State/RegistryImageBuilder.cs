using System.Collections.Immutable;
using SchemaStream.Registry.Core.Records;

namespace SchemaStream.Registry.Core.State;

/// <summary>An image in the making. Facts are replayed upon it one after the other, and no image in between is made.</summary>
/// <remarks>Whoever loads a log takes one builder for all of it; one record more upon an image takes one as well.</remarks>
public sealed class RegistryImageBuilder
{
    private readonly RegistryImage _base;
    private readonly ImmutableDictionary<Subject, SubjectImage>.Builder _subjects;
    private readonly ImmutableDictionary<SubjectVersion, ImmutableHashSet<SubjectVersion>>.Builder _referrers;
    private readonly Dictionary<string, ContextBuilder> _contexts = new(StringComparer.Ordinal);
    private SubjectConfig? _globalConfig;
    private RegistryMode? _globalMode;
    private ContractsImage _contracts;
    private AssociationsImage _associations;

    public RegistryImageBuilder(RegistryImage image)
    {
        _base = image;
        _subjects = image.Subjects.ToBuilder();
        _referrers = image.Referrers.ToBuilder();
        _globalConfig = image.GlobalConfig;
        _globalMode = image.GlobalMode;
        _contracts = image.Contracts;
        _associations = image.Associations;
    }

    public RegistryImage ToImage() => _base with
    {
        Subjects = _subjects.ToImmutable(),
        Referrers = _referrers.ToImmutable(),
        Contexts = _base.Contexts.SetItems(_contexts.Select(open => KeyValuePair.Create(open.Key, open.Value.ToImage()))),
        GlobalConfig = _globalConfig,
        GlobalMode = _globalMode,
        Contracts = _contracts,
        Associations = _associations,
    };

    /// <summary>Puts one more fact in.</summary>
    public void Replay(RegistryRecord record, DateTimeOffset timestamp)
    {
        switch (record)
        {
            case SchemaRecord { Value: { } value } r:
                Write(r.Key, value, timestamp);
                break;
            case SchemaRecord r:
                Remove(r.Key);
                break;
            case ConfigRecord { Subject: { } subject } r:
                Put(Subject(subject) with { Config = r.Value });
                break;
            case ConfigRecord r:
                _globalConfig = r.Value;
                break;
            case ModeRecord { Subject: { } subject } r:
                Put(Subject(subject) with { Mode = r.Mode });
                break;
            case ModeRecord r:
                _globalMode = r.Mode;
                break;
            case DeleteSubjectRecord r:
                DeleteSoftly(r);
                break;
            case ClearSubjectRecord r:
                Clear(r.Subject);
                break;
            case ContextRecord r:
                Context(r.Context).List(r.Presence);
                break;
            case BindRecord r:
                _contracts = _contracts.Replay(r);
                break;
            case AssociationRecord r:
                _associations = _associations.Replay(r, timestamp);
                break;
            case UnbindRecord r:
                _contracts = _contracts.Replay(r);
                break;
            default:
                throw new ArgumentException($"{record.GetType().Name} cannot be replayed.", nameof(record));
        }
    }

    private void Write(SubjectVersion key, SchemaRecordValue value, DateTimeOffset timestamp)
    {
        var context = Context(key.Subject.Context);
        var schema = context.Find(value.Id);
        if (schema is not null && schema.Guid != value.Content.Guid)
        {
            // One id, one content: a second writer that lost a race has written this, and it counts for nothing.
            return;
        }

        schema ??= new StoredSchema(context.Name, value.Id, value.Content);
        if (Subject(key.Subject).Find(key.Version) is { } old && old.Schema.Id != value.Id)
        {
            Remove(key);
        }

        var subject = Subject(key.Subject);

        // The name that is held already, so that thousands of versions do not each hold their own.
        var use = new SubjectVersion(subject.Subject, key.Version);
        Put(subject.With(new VersionEntry(key.Version, schema, value.State, timestamp)));
        context.Use(schema, use);
        foreach (var target in Targets(schema))
        {
            _referrers[target] = _referrers.GetValueOrDefault(target, []).Add(use);
        }
    }

    private void Remove(SubjectVersion key)
    {
        var subject = Subject(key.Subject);
        if (subject.Find(key.Version) is not { } entry)
        {
            return;
        }

        Put(subject.Without(key.Version));
        Context(key.Subject.Context).Unuse(entry.Schema.Id, key);
        foreach (var target in Targets(entry.Schema))
        {
            var left = _referrers.GetValueOrDefault(target, []).Remove(key);
            if (left.IsEmpty)
            {
                _referrers.Remove(target);
            }
            else
            {
                _referrers[target] = left;
            }
        }
    }

    private void Clear(Subject name)
    {
        foreach (var entry in Subject(name).Versions)
        {
            Remove(new SubjectVersion(name, entry.Version));
        }
    }

    private void DeleteSoftly(DeleteSubjectRecord record)
    {
        var subject = Subject(record.Subject);
        Put(subject with
        {
            Versions = [.. subject.Versions.Select(entry =>
                entry.Version <= record.UpToVersion ? entry with { State = VersionState.SoftDeleted } : entry)],
        });
    }

    private SubjectImage Subject(Subject name) => _subjects.GetValueOrDefault(name) ?? new SubjectImage(name);

    private void Put(SubjectImage subject)
    {
        if (subject.IsVoid)
        {
            _subjects.Remove(subject.Subject);
        }
        else
        {
            _subjects[subject.Subject] = subject;
        }
    }

    private ContextBuilder Context(string name)
    {
        if (!_contexts.TryGetValue(name, out var open))
        {
            open = new ContextBuilder(_base.Context(name));
            _contexts.Add(name, open);
        }

        return open;
    }

    private static IEnumerable<SubjectVersion> Targets(StoredSchema schema) =>
        schema.References.Select(reference =>
            new SubjectVersion(Core.Subject.ParseWithin(schema.Context, reference.Subject), reference.Version));
}
