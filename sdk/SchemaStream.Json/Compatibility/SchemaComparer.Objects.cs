using SchemaStream.Json.Schemas;

namespace SchemaStream.Json.Compatibility;

internal sealed partial class SchemaComparer
{
    private void CompareObjects(ObjectShape old, ObjectShape now, ChangeList output)
    {
        Budget.Take(old.Properties.Count + now.Properties.Count + old.Required.Count + now.Required.Count);
        Budget.Take(old.RequiredBy.Count + now.RequiredBy.Count + old.SchemasBy.Count + now.SchemasBy.Count);
        CompareRequired(old, now, output);
        CompareProperties(old, now, output);
        ComparePatterns(old, now, output);
        CompareDependencies(old, now, output);
        CompareRest(
            old.Additional, now.Additional, "additionalProperties", ChangeKind.AdditionalPropertiesAdded, output);
        CompareUnevaluated(
            old.Unevaluated, now.Unevaluated, "unevaluatedProperties", ChangeKind.UnevaluatedPropertiesAdded, output);
        Bound(old.MaxProperties, now.MaxProperties, "maxProperties", ChangeKind.MaxPropertiesAdded, output);
        Bound(old.MinProperties, now.MinProperties, "minProperties", ChangeKind.MinPropertiesAdded, output);
        Compare(old.PropertyNames, now.PropertyNames, "propertyNames", output);
    }

    private static void CompareRequired(ObjectShape old, ObjectShape now, ChangeList output)
    {
        foreach (var name in old.Required.Where(name => !now.Required.Contains(name)))
        {
            if (now.Properties.Find(name) is not null || old.Properties.Find(name) is null)
            {
                output.Add(ChangeKind.RequiredAttributeRemoved, $"required/{name}");
            }
        }

        foreach (var name in now.Required.Where(name => !old.Required.Contains(name)))
        {
            var isNewProperty = now.Properties.Find(name) is { Target.IsAny: false } && old.Properties.Find(name) is null;
            if (!isNewProperty)
            {
                // A property that is new says itself whether it is required.
                output.Add(
                    HasDefault(now, name) ? ChangeKind.RequiredAttributeWithDefaultAdded : ChangeKind.RequiredAttributeAdded,
                    $"required/{name}");
            }
        }
    }

    private void CompareProperties(ObjectShape old, ObjectShape now, ChangeList output)
    {
        foreach (var (name, before) in old.Properties.Entries)
        {
            var place = $"properties/{name}";
            if (now.Properties.Find(name) is { } after)
            {
                Compare(before, after, place, output);
            }
            else
            {
                PropertyRemoved(name, before, now, place, output);
            }
        }

        foreach (var (name, after) in now.Properties.Entries)
        {
            if (old.Properties.Find(name) is null)
            {
                PropertyAdded(old, now, name, after, $"properties/{name}", output);
            }
        }
    }

    private void PropertyRemoved(string name, SchemaNode before, ObjectShape now, string place, ChangeList output)
    {
        if (IsOpen(now))
        {
            output.Add(ChangeKind.PropertyRemovedFromOpenContentModel, place);
            return;
        }

        var covers = Covering(now, name);
        if (covers.Count == 0)
        {
            output.Add(
                before.Target.IsNever
                    ? ChangeKind.PropertyWithFalseRemovedFromClosedContentModel
                    : ChangeKind.PropertyRemovedFromClosedContentModel,
                place);
            return;
        }

        // Every pattern that finds the name has its say.
        var isCovered = true;
        foreach (var cover in covers)
        {
            var changes = Pair(before.Target, cover.Target);
            output.AddFrom(place, changes);
            isCovered &= changes.IsCompatible;
        }

        output.Add(
            isCovered
                ? ChangeKind.PropertyRemovedIsCoveredByPartiallyOpenContentModel
                : ChangeKind.PropertyRemovedNotCoveredByPartiallyOpenContentModel,
            place);
    }

    private void PropertyAdded(
        ObjectShape old, ObjectShape now, string name, SchemaNode after, string place, ChangeList output)
    {
        if (IsOpen(old))
        {
            output.Add(
                after.Target.IsAny ? ChangeKind.PropertyWithEmptySchemaAddedToOpenContentModel
                : !now.Required.Contains(name) ? ChangeKind.OptionalPropertyAddedToOpenContentModel
                : HasDefault(now, name) ? ChangeKind.RequiredPropertyWithDefaultAddedToOpenContentModel
                : ChangeKind.RequiredPropertyAddedToOpenContentModel,
                place);
            return;
        }

        var covers = Covering(old, name);
        if (covers.Count == 0 && IsOpen(old.Additional, old.Unevaluated) && !after.Target.IsAny)
        {
            // Open beside its patterns: old data may have the name, with anything. Confluent's registry lets this pass.
            output.Add(ChangeKind.PropertyAddedNotCoveredByPartiallyOpenContentModel, place);
        }

        if (covers.Count > 0)
        {
            // Old data satisfies all of them, so one that leads to the new schema is enough.
            var changes = covers.Select(cover => Pair(cover.Target, after.Target)).ToArray();
            var best = changes.FirstOrDefault(found => found.IsCompatible) ?? changes[0];
            output.AddFrom(place, best);
            output.Add(
                best.IsCompatible
                    ? ChangeKind.PropertyAddedIsCoveredByPartiallyOpenContentModel
                    : ChangeKind.PropertyAddedNotCoveredByPartiallyOpenContentModel,
                place);
        }

        output.Add(
            !now.Required.Contains(name) ? ChangeKind.OptionalPropertyAddedToUnopenContentModel
            : HasDefault(now, name) ? ChangeKind.RequiredPropertyWithDefaultAddedToUnopenContentModel
            : ChangeKind.RequiredPropertyAddedToUnopenContentModel,
            place);
    }

    /// <summary>Confluent's registry looks at patterns only where a property comes or goes; old data can break on them elsewhere too.</summary>
    private void ComparePatterns(ObjectShape old, ObjectShape now, ChangeList output)
    {
        foreach (var (pattern, before) in old.PatternProperties.Entries)
        {
            var place = $"patternProperties/{pattern}";
            if (now.PatternProperties.Find(pattern) is { } after)
            {
                Compare(before, after, place, output);
            }
            else if (IsOpen(now.Additional, now.Unevaluated) || before.Target.IsNever)
            {
                output.Add(ChangeKind.SchemaRemoved, place);
            }
            else if (RestSchema(now.Additional, now.Unevaluated) is { } rest)
            {
                Compare(before, rest, place, output);
            }
            else
            {
                output.Add(ChangeKind.PropertyRemovedFromClosedContentModel, place);
            }
        }

        foreach (var (pattern, after) in now.PatternProperties.Entries)
        {
            if (old.PatternProperties.Find(pattern) is null && !after.Target.IsAny)
            {
                PatternAdded(old, pattern, after, $"patternProperties/{pattern}", output);
            }
        }
    }

    private void PatternAdded(ObjectShape old, string pattern, SchemaNode after, string place, ChangeList output)
    {
        foreach (var (name, before) in old.Properties.Entries)
        {
            if (_patterns.IsMatch(pattern, name) != false)
            {
                Compare(before, after, place, output);
            }
        }

        if (old.PatternProperties.Count > 0 || IsOpen(old.Additional, old.Unevaluated))
        {
            output.Add(ChangeKind.SchemaAdded, place);
        }
        else if (RestSchema(old.Additional, old.Unevaluated) is { } rest)
        {
            Compare(rest, after, place, output);
        }
    }

    private void CompareDependencies(ObjectShape old, ObjectShape now, ChangeList output)
    {
        foreach (var name in old.RequiredBy.Keys.Union(now.RequiredBy.Keys, StringComparer.Ordinal))
        {
            var before = old.RequiredBy.GetValueOrDefault(name);
            var after = now.RequiredBy.GetValueOrDefault(name);
            if (before is not null && after is not null && before.SetEquals(after))
            {
                continue;
            }

            output.Add(
                after is null ? ChangeKind.DependencyArrayRemoved
                : before is null ? ChangeKind.DependencyArrayAdded
                : after.IsSupersetOf(before) ? ChangeKind.DependencyArrayExtended
                : before.IsSupersetOf(after) ? ChangeKind.DependencyArrayNarrowed : ChangeKind.DependencyArrayChanged,
                $"dependencies/{name}");
        }

        foreach (var (name, before) in old.SchemasBy.Entries)
        {
            if (now.SchemasBy.Find(name) is { } after)
            {
                Compare(before, after, $"dependencies/{name}", output);
            }
            else
            {
                output.Add(ChangeKind.DependencySchemaRemoved, $"dependencies/{name}");
            }
        }

        foreach (var (name, _) in now.SchemasBy.Entries.Where(entry => old.SchemasBy.Find(entry.Key) is null))
        {
            output.Add(ChangeKind.DependencySchemaAdded, $"dependencies/{name}");
        }
    }

    private static bool HasDefault(ObjectShape shape, string name) => shape.Properties.Find(name)?.Default is not null;

    private static bool IsOpen(ObjectShape shape) =>
        shape.PatternProperties.Count == 0 && IsOpen(shape.Additional, shape.Unevaluated);

    /// <summary>The schemas that a name falls under which is no property: its patterns', else that of the rest.</summary>
    private List<SchemaNode> Covering(ObjectShape shape, string name)
    {
        var covers = new List<SchemaNode>();
        foreach (var (pattern, schema) in shape.PatternProperties.Entries)
        {
            if (_patterns.IsMatch(pattern, name) != false)
            {
                covers.Add(schema);
            }
        }

        if (covers.Count == 0 && RestSchema(shape.Additional, shape.Unevaluated) is { } rest)
        {
            covers.Add(rest);
        }

        return covers;
    }
}
