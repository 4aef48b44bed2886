using SchemaStream.Json.Schemas;

namespace SchemaStream.Json.Compatibility;

/// <summary>
/// Compares schemas as Confluent's registry does, each pair once. Schemas that contain themselves are compared by
/// assuming that a pair which is being compared already is compatible; where that turns out wrong, all is compared anew
/// with what is known by then, until nothing new comes to light.
/// </summary>
internal sealed partial class SchemaComparer
{
    private readonly JsonCompatibilityPolicy _policy;
    private readonly Dictionary<(SchemaNode Original, SchemaNode Update), ChangeList> _compared = [];
    private readonly HashSet<(SchemaNode Original, SchemaNode Update)> _underway = [];
    private readonly Dictionary<(SchemaNode Original, SchemaNode Update), ChangeList> _incompatible;
    private readonly PatternMatcher _patterns;
    private bool _hasAssumed;
    private int _depth;

    private SchemaComparer(
        JsonCompatibilityPolicy policy,
        Dictionary<(SchemaNode Original, SchemaNode Update), ChangeList> incompatible,
        PatternMatcher patterns)
    {
        _policy = policy;
        _incompatible = incompatible;
        _patterns = patterns;
    }

    private StepBudget Budget => _patterns.Budget;

    public static IReadOnlyList<Change> Compare(SchemaNode original, SchemaNode update, JsonCompatibilityPolicy policy)
    {
        var incompatible = new Dictionary<(SchemaNode Original, SchemaNode Update), ChangeList>();
        var budget = new StepBudget();
        var patterns = new PatternMatcher(budget);
        while (true)
        {
            var comparer = new SchemaComparer(policy, new(incompatible), patterns);
            var changes = new ChangeList(policy, budget);
            comparer.Compare(original, update, "", changes);
            var before = incompatible.Count;
            foreach (var (pair, found) in comparer._compared)
            {
                if (!found.IsCompatible)
                {
                    incompatible[pair] = found;
                }
            }

            if (!comparer._hasAssumed || incompatible.Count == before)
            {
                return [.. changes.Changes.Select(change => change with { Path = "#/" + change.Path })];
            }
        }
    }

    /// <summary>Compares what may be missing on either side.</summary>
    private void Compare(SchemaNode? original, SchemaNode? update, string place, ChangeList output)
    {
        if (original is null)
        {
            if (update is not null && !update.Target.IsAny)
            {
                output.Add(ChangeKind.SchemaAdded, place);
            }
        }
        else if (update is null)
        {
            output.Add(ChangeKind.SchemaRemoved, place);
        }
        else
        {
            output.AddFrom(place, Pair(original.Target, update.Target));
        }
    }

    private ChangeList Pair(SchemaNode original, SchemaNode update)
    {
        Budget.Take();
        var pair = (original, update);
        if (_compared.TryGetValue(pair, out var known))
        {
            return known;
        }

        if (!_underway.Add(pair))
        {
            if (_incompatible.TryGetValue(pair, out var before))
            {
                return before;
            }

            _hasAssumed = true;
            return new ChangeList(_policy, Budget);
        }

        if (++_depth > JsonSchemaLimits.MaxComparedDepth)
        {
            throw new JsonSchemaException(
                $"The schemas lead into each other more than {JsonSchemaLimits.MaxComparedDepth} deep; " +
                "they are not compared any further.");
        }

        var changes = new ChangeList(_policy, Budget);
        CompareShapes(original, update, changes);
        _depth--;
        _underway.Remove(pair);
        _compared[pair] = changes;
        return changes;
    }

    private void CompareShapes(SchemaNode original, SchemaNode update, ChangeList output)
    {
        if (TryCombined(original, update, output))
        {
            return;
        }

        var (old, now) = (original.Shape, update.Shape);
        if (old.GetType() != now.GetType())
        {
            if (old is not NeverShape && now is not AnyShape && !AreBytes(original, update))
            {
                output.Add(ChangeKind.TypeChanged, "");
            }

            return;
        }

        CompareAnnotations(original, update, output);
        switch (old)
        {
            case TypedShape typed:
                CompareDemands(typed, (TypedShape)now, output);
                break;
            case EnumShape values:
                CompareEnums(values, (EnumShape)now, output);
                break;
            case ConstShape value when value.Value != ((ConstShape)now).Value:
                output.Add(ChangeKind.EnumArrayChanged, "const");
                break;
            case OpaqueShape opaque when opaque.Name != ((OpaqueShape)now).Name:
                output.Add(ChangeKind.TypeChanged, "");
                break;
            case NotShape not:
                // What is excluded may only shrink.
                var excluded = Pair(((NotShape)now).Schema.Target, not.Schema.Target);
                output.Add(excluded.IsCompatible ? ChangeKind.NotTypeNarrowed : ChangeKind.NotTypeExtended, "not");
                break;
            case ConditionalShape conditional:
                CompareConditions(conditional, (ConditionalShape)now, output);
                break;
            case CombinedShape combined:
                CompareCombined(combined, (CombinedShape)now, output);
                break;
            default:
                break;
        }
    }

    private void CompareDemands(TypedShape old, TypedShape now, ChangeList output)
    {
        if (old.Demand != now.Demand)
        {
            output.Add(now.Demand == TypeDemand.Required ? ChangeKind.TypeNarrowed : ChangeKind.TypeExtended, "");
        }

        switch (old)
        {
            case StringShape text:
                CompareStrings(text, (StringShape)now, output);
                break;
            case NumberShape number:
                CompareNumbers(number, (NumberShape)now, output);
                break;
            case ObjectShape thing:
                CompareObjects(thing, (ObjectShape)now, output);
                break;
            case ArrayShape array:
                CompareArrays(array, (ArrayShape)now, output);
                break;
            default:
                break;
        }
    }

    private static void CompareAnnotations(SchemaNode original, SchemaNode update, ChangeList output)
    {
        if (original.Id != update.Id)
        {
            output.Add(ChangeKind.IdChanged, "");
        }

        if (original.Title != update.Title)
        {
            output.Add(ChangeKind.TitleChanged, "");
        }

        if (original.Description != update.Description)
        {
            output.Add(ChangeKind.DescriptionChanged, "");
        }

        if (original.Default?.Canonical != update.Default?.Canonical)
        {
            output.Add(ChangeKind.DefaultChanged, "");
        }
    }

    /// <summary>Kafka Connect's decimals, which it has written in two ways.</summary>
    private static bool AreBytes(SchemaNode original, SchemaNode update) =>
        original.Value.FindString("connect.type") == "bytes" && update.Value.FindString("connect.type") == "bytes";

    private void CompareConditions(ConditionalShape old, ConditionalShape now, ChangeList output)
    {
        var same = Pair(old.Condition.Target, now.Condition.Target).IsCompatible
            && Pair(now.Condition.Target, old.Condition.Target).IsCompatible;
        if (!same)
        {
            // Other values are asked for now: nothing follows for what was asked of them before.
            output.Add(ChangeKind.TypeChanged, "if");
            return;
        }

        Compare(old.Then, now.Then, "then", output);
        Compare(old.Otherwise, now.Otherwise, "else", output);
    }
}
