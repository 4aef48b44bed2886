namespace SchemaStream.Json.Validation;

/// <summary>The items of arrays and the members of objects.</summary>
internal ref partial struct Evaluation
{
    private const int BitsOfAWord = 64;
    private const int FewWords = 8;

    private readonly bool IsAccepted(CompiledSchema schema, int place) => (_tokens[place].Kind & schema.Accepted) != 0;

    private bool FollowsArrays(CompiledSchema schema, ArrayRules rules, int place, Evaluated? seen)
    {
        var count = _tokens[place].Length;
        Take(count);
        if (count < rules.MinItems || count > rules.MaxItems)
        {
            return Fail(schema, count < rules.MinItems ? "minItems" : "maxItems", place, $"has {count} items");
        }

        var (item, matches) = (place + 1, 0);
        for (var i = 0; i < count; i++, item = _tokens[item].Next)
        {
            var itemSchema = i < rules.Tuple.Length ? rules.Tuple[i] : rules.Items;
            if (itemSchema is not null)
            {
                if (!IsAccepted(itemSchema, item) && !Follows(itemSchema, item, null))
                {
                    return false;
                }

                seen?.Add(item);
            }

            if (rules.Contains is { } contained && IsTried(contained, item, null))
            {
                matches++;
                if (rules.ContainsEvaluates)
                {
                    seen?.Add(item);
                }
            }
        }

        if (matches < rules.MinContains || matches > rules.MaxContains)
        {
            return Fail(schema, "contains", place, $"has {matches} items of those of which it must have some");
        }

        return !rules.UniqueItems || IsUnique(place + 1, count) || Fail(schema, "uniqueItems", place, "has an item twice");
    }

    private bool FollowsObjects(CompiledSchema schema, ObjectRules rules, int place, Evaluated? seen)
    {
        var count = _tokens[place].Length;
        Take(count);
        if (count < rules.MinProperties || count > rules.MaxProperties)
        {
            return Fail(schema, count < rules.MinProperties ? "minProperties" : "maxProperties", place, $"has {count} members");
        }

        var words = rules.TracksNames ? (rules.Names.Count + BitsOfAWord - 1) / BitsOfAWord : 0;
        Span<ulong> present = stackalloc ulong[FewWords];
        if (words > FewWords)
        {
            present = new ulong[words];
        }

        return FollowsMembers(schema, rules, place, seen, words == 0 ? [] : present)
            && (words == 0 || FollowsPresence(schema, rules, place, seen, present));
    }

    private bool FollowsMembers(CompiledSchema schema, ObjectRules rules, int place, Evaluated? seen, scoped Span<ulong> present)
    {
        Span<byte> buffer = stackalloc byte[ShortText];
        var (end, expected) = (_tokens[place].Next, 0);
        for (var name = place + 1; name < end;)
        {
            var value = name + 1;
            var text = TextOf(name, buffer);
            if (rules.PropertyNames is { } names && !Follows(names, name, null))
            {
                return false;
            }

            var isCovered = false;
            var known = rules.Names.Find(text, ref expected);
            if (known >= 0)
            {
                if (!present.IsEmpty)
                {
                    present[known / BitsOfAWord] |= 1UL << (known % BitsOfAWord);
                }

                if (rules.Names.SchemaAt(known) is { } property)
                {
                    isCovered = true;
                    if (!IsAccepted(property, value) && !Follows(property, value, null))
                    {
                        return false;
                    }
                }
            }

            foreach (ref readonly var rule in rules.Patterns.AsSpan())
            {
                if (IsMatch(rule.Pattern, text))
                {
                    isCovered = true;
                    if (!Follows(rule.Schema, value, null))
                    {
                        return false;
                    }
                }
            }

            if (!isCovered && rules.Additional is { } additional)
            {
                isCovered = true;
                if (additional.IsNever)
                {
                    return Fail(schema, "additionalProperties", value, "is a member that the schema does not know");
                }

                if (!IsAccepted(additional, value) && !Follows(additional, value, null))
                {
                    return false;
                }
            }

            if (isCovered)
            {
                seen?.Add(value);
            }

            name = _tokens[value].Next;
        }

        return true;
    }

    private bool FollowsPresence(CompiledSchema schema, ObjectRules rules, int place, Evaluated? seen, scoped ReadOnlySpan<ulong> present)
    {
        foreach (var needed in rules.Required)
        {
            if (!Has(present, needed))
            {
                return Fail(schema, "required", place, $"has no member '{rules.Names.NameAt(needed)}'");
            }
        }

        foreach (var (trigger, needed) in rules.RequiredBy)
        {
            if (Has(present, trigger) && !Has(present, needed))
            {
                return Fail(
                    schema, "dependencies", place,
                    $"has a member '{rules.Names.NameAt(trigger)}' without the '{rules.Names.NameAt(needed)}' that belongs to it");
            }
        }

        foreach (var (trigger, dependent) in rules.SchemasBy)
        {
            if (Has(present, trigger) && !Follows(dependent, place, seen))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Has(ReadOnlySpan<ulong> present, int place) =>
        (present[place / BitsOfAWord] & (1UL << (place % BitsOfAWord))) != 0;

    private bool FollowsUnevaluated(CompiledSchema schema, int place, Evaluated seen)
    {
        var isArray = _tokens[place].Kind == JsonTokenKind.Array;
        var rest = (isArray ? schema.UnevaluatedItems : schema.UnevaluatedProperties)!;
        var end = _tokens[place].Next;
        for (var next = place + 1; next < end;)
        {
            var value = isArray ? next : next + 1;
            if (!seen.Contains(value))
            {
                if (!Follows(rest, value, null))
                {
                    return false;
                }

                seen.Add(value);
            }

            next = _tokens[value].Next;
        }

        return true;
    }
}
