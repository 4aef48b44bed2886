using System.Reflection;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Derivation;

/// <content>Classes as avrogen generates them: their schema is given, and says what the members are.</content>
internal sealed partial class ShapeReader
{
    private RecordShape ReadSpecific(Type type, MethodInfo get)
    {
        if (SpecificTypes.SchemaOf(type) is not AvroRecordSchema schema)
        {
            throw new AvroSchemaException($"{TypeNames.Readable(type)}: the schema that it carries is not of a record");
        }

        var shape = new RecordShape(type) { GivenSchema = schema, Constructor = type.GetConstructor(Type.EmptyTypes) };
        _named.Add(type, shape);
        shape.Members = [.. schema.Fields.Select(field => SpecificMember(type, field, get))];
        return shape;
    }

    private MemberShape SpecificMember(Type type, AvroField field, MethodInfo get)
    {
        var property = type.GetProperty(field.Name);
        var isUsable = property is { GetMethod.IsPublic: true, SetMethod.IsPublic: true };
        return new MemberShape
        {
            Member = isUsable ? property! : get,
            Position = isUsable ? null : field.Position,
            Use = isUsable ? SpecificUse(property!, field.Schema) : DynamicShape.Use,
            AvroName = field.Name,
            Aliases = field.Aliases,
            Doc = field.Doc,
            CanSet = true,
        };
    }

    private ShapeUse SpecificUse(PropertyInfo property, AvroSchema schema)
    {
        var path = $"{TypeNames.Readable(property.DeclaringType!)}.{property.Name}";
        if (property.PropertyType != typeof(object))
        {
            return Use(property.PropertyType, _nullability.Create(property), null, path);
        }

        if (schema is not AvroUnionSchema union)
        {
            return DynamicShape.Use;
        }

        var types = union.Branches.Where(branch => branch.Kind != AvroSchemaKind.Null)
            .Select(branch => SpecificTypes.BranchType(branch, property.DeclaringType!.Assembly)).ToList();
        if (types.Contains(null))
        {
            return DynamicShape.Use;
        }

        var shape = new UnionShape(typeof(object));
        shape.Branches = [.. types.Select(branch => Shape(branch!, null, null, path))];
        return new ShapeUse(shape, true, typeof(object));
    }
}
