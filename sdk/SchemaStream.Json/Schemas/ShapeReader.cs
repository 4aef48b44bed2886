namespace SchemaStream.Json.Schemas;

/// <summary>
/// Works out what a schema demands. Keywords of one type make one shape; several shapes in one schema (a <c>type</c>
/// beside an <c>enum</c>, say) are parts that must all be satisfied, several types are alternatives.
/// </summary>
internal static class ShapeReader
{
    /// <summary>Where a schema leads that is nothing but a reference; null if it is anything else.</summary>
    public static SchemaNode? LeadsTo(SchemaSet set, SchemaNode node)
    {
        if (Keywords.ReferenceOf(node.Value, node.Place.Draft) is not { } reference)
        {
            return null;
        }

        return !Keywords.ReadsBesideRef(node.Place.Draft) || !TypeShapes.HasDemands(node)
            ? set.Resolve(reference, node.Place)
            : null;
    }

    public static SchemaShape Read(SchemaSet set, SchemaNode node)
    {
        var parts = PartsOf(set, node);
        if (Keywords.ReferenceOf(node.Value, node.Place.Draft) is { } reference && Keywords.ReadsBesideRef(node.Place.Draft))
        {
            return new CombinedShape(
                Criterion.All, [set.Resolve(reference, node.Place), .. parts.Select(part => new SchemaNode(part))]);
        }

        return parts.Count switch
        {
            0 => AnyShape.Instance,
            1 => parts[0],
            _ => new CombinedShape(Criterion.All, [.. parts.Select(part => new SchemaNode(part))]),
        };
    }

    private static List<SchemaShape> PartsOf(SchemaSet set, SchemaNode node)
    {
        var keywords = new KeywordReader(set, node);
        var parts = new List<SchemaShape>();
        if (keywords.Value("enum") is { IsArray: true } values)
        {
            parts.Add(new EnumShape(
                values.Items.Select(item => item.Canonical).ToHashSet(StringComparer.Ordinal)));
        }

        if (keywords.Draft >= JsonSchemaDraft.Draft6 && node.Value.Find("const") is { } constant)
        {
            parts.Add(new ConstShape(constant.Canonical));
        }

        Combined(keywords, Criterion.All, parts);
        Combined(keywords, Criterion.Any, parts);
        Combined(keywords, Criterion.One, parts);
        if (keywords.Schema("not") is { } excluded)
        {
            parts.Add(new NotShape(excluded));
        }

        if (keywords.Schema("if") is { } condition
            && (keywords.Schema("then") ?? keywords.Schema("else")) is not null)
        {
            parts.Add(new ConditionalShape(condition, keywords.Schema("then"), keywords.Schema("else")));
        }

        Typed(keywords, parts);
        return parts;
    }

    private static void Combined(KeywordReader keywords, Criterion criterion, List<SchemaShape> parts)
    {
        var schemas = keywords.Schemas(CombinedShape.KeywordOf(criterion));
        if (schemas.Count > 0)
        {
            parts.Add(new CombinedShape(criterion, schemas));
        }
    }

    private static void Typed(KeywordReader keywords, List<SchemaShape> parts)
    {
        var types = keywords.Types();
        if (types.Count == 1)
        {
            parts.Add(TypeShapes.Read(keywords, types[0], TypeDemand.Required));
        }
        else if (types.Count > 1)
        {
            parts.Add(new CombinedShape(
                Criterion.Any,
                [.. types.Select(type => new SchemaNode(TypeShapes.Read(keywords, type, TypeDemand.Required)))]));
        }
        else
        {
            foreach (var type in TypeShapes.ImpliedBy(keywords))
            {
                parts.Add(TypeShapes.Read(keywords, type, TypeDemand.Implied));
            }
        }
    }
}
