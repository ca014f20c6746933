using ICPO.Jinja.Library;
using ICPO.Jinja.Syntax;
using ICPO.Jinja.Values;

namespace ICPO.Jinja.Rendering;

/// <summary>Expressions.</summary>
internal sealed partial class TemplateRenderer
{
    public object? Evaluate(Expression expression, Scope scope)
    {
        Budget.Evaluate();
        Enter();
        Line = expression.Line;
        object? value = Value(expression, scope);
        _depth--;
        return value;
    }

    private object? Value(Expression expression, Scope scope)
    {
        switch (expression)
        {
            case Constant constant:
                return constant.Value;
            case Name name:
                return scope.Get(name.Identifier);
            case AttributeAccess access:
                return PythonMethods.Get(Evaluate(access.Target, scope), access.Attribute, Budget);
            case ItemAccess access:
                return TemplateItems.Get(Evaluate(access.Target, scope), Evaluate(access.Item, scope), Budget);
            case SliceAccess slice:
                return TemplateItems.Slice(
                    Evaluate(slice.Target, scope),
                    Optional(slice.Start, scope),
                    Optional(slice.Stop, scope),
                    Optional(slice.Step, scope),
                    Budget
                );
            case Filter filter:
                object? input = filter.Input is null ? null : Evaluate(filter.Input, scope);
                return TemplateFilters.Apply(filter.Identifier, input, EvaluateArguments(filter.Arguments, scope));
            case Test test:
                return TemplateTests.Apply(test.Identifier, Evaluate(test.Input, scope), EvaluateArguments(test.Arguments, scope));
            case Call call:
                object? target = Evaluate(call.Target, scope);
                Arguments arguments = EvaluateArguments(call.Arguments, scope);
                Line = call.Line;
                return Invoke(target, arguments);
            case Conditional conditional:
                return Choose(conditional, scope);
            case Logical logical:
                object? left = Evaluate(logical.Left, scope);
                return PythonCompare.Truth(left) == logical.And ? Evaluate(logical.Right, scope) : left;
            case Not not:
                return !PythonCompare.Truth(Evaluate(not.Operand, scope));
            case Comparison comparison:
                return Compare(comparison, scope);
            case Binary binary:
                (object? a, object? b) = (Evaluate(binary.Left, scope), Evaluate(binary.Right, scope));
                Line = binary.Line;
                return PythonOperators.Apply(binary.Operator, a, b, Budget);
            case Concatenation concatenation:
                return PythonMethods.Join("", concatenation.Parts.Select(p => Evaluate(p, scope)), Budget, convert: true);
            case Unary unary:
                object? operand = Evaluate(unary.Operand, scope);
                return unary.Negative ? PythonOperators.Negate(operand) : PythonOperators.Plus(operand);
            case TupleLiteral tuple:
                return new PythonTuple(Items(tuple.Items, scope));
            case ListLiteral list:
                return new PythonList(Items(list.Items, scope));
            case DictLiteral dict:
                var result = new PythonDict(Budget);
                foreach ((Expression? key, Expression? value) in dict.Items)
                {
                    result[Evaluate(key, scope)] = Evaluate(value, scope);
                }

                return result;
            default:
                throw new TemplateFault($"the expression {expression.GetType().Name} is not supported");
        }
    }

    private object? Choose(Conditional conditional, Scope scope)
    {
        if (PythonCompare.Truth(Evaluate(conditional.Test, scope)))
        {
            return Evaluate(conditional.Then, scope);
        }

        return conditional.Else is { } other
            ? Evaluate(other, scope)
            : new Undefined("the inline if-expression evaluated to false and no else section was defined.");
    }

    private object?[] Items(IReadOnlyList<Expression> items, Scope scope)
    {
        Budget.MakeElements(items.Count);
        return [.. items.Select(i => Evaluate(i, scope))];
    }

    private object? Optional(Expression? expression, Scope scope) => expression is null ? null : Evaluate(expression, scope);

    private bool Compare(Comparison comparison, Scope scope)
    {
        object? left = Evaluate(comparison.First, scope);
        foreach ((string? op, Expression? operand) in comparison.Rest)
        {
            object? right = Evaluate(operand, scope);
            bool holds = op switch
            {
                "==" => PythonCompare.Equal(left, right, Budget),
                "!=" => !PythonCompare.Equal(left, right, Budget),
                "in" => PythonCompare.Contains(right, left, Budget),
                "not in" => !PythonCompare.Contains(right, left, Budget),
                _ => PythonCompare.Ordered(op, left, right, Budget),
            };
            if (!holds)
            {
                return false;
            }

            left = right;
        }

        return true;
    }

    /// <summary>A chain of filters whose innermost takes the given input.</summary>
    private object? EvaluateChain(Expression filters, object? input, Scope scope)
    {
        CallStack.Require(TooDeep);
        var filter = (Filter)filters;
        return TemplateFilters.Apply(
            filter.Identifier,
            filter.Input is null ? input : EvaluateChain(filter.Input, input, scope),
            EvaluateArguments(filter.Arguments, scope)
        );
    }

    private Arguments EvaluateArguments(CallArguments written, Scope scope)
    {
        if (ReferenceEquals(written, CallArguments.None))
        {
            return _noArguments;
        }

        List<object?> positional = [.. written.Positional.Select(p => Evaluate(p, scope))];
        List<KeyValuePair<string, object?>> named = [.. written.Named.Select(n => KeyValuePair.Create(n.Name, Evaluate(n.Value, scope)))];
        if (written.MorePositional is not null)
        {
            foreach (object? item in PythonCompare.Iterate(Evaluate(written.MorePositional, scope), Budget))
            {
                Budget.MakeElements(1);
                positional.Add(item);
            }
        }

        if (written.MoreNamed is not null)
        {
            PythonDict more =
                Evaluate(written.MoreNamed, scope) as PythonDict ?? throw new TemplateFault("the argument after ** must be a mapping");
            Budget.MakeElements(more.Count);
            named.AddRange(
                more.Entries.Select(e =>
                    KeyValuePair.Create(PythonText.AsText(e.Key) ?? throw new TemplateFault("keywords must be strings"), e.Value)
                )
            );
        }

        return new(positional, named, Budget);
    }

    private static object? Invoke(object? target, Arguments arguments) =>
        target switch
        {
            Function function => function.Invoke(arguments),
            ICallable callable => callable.Invoke(arguments),
            Undefined undefined => throw undefined.Fail(),
            _ => throw new TemplateFault($"'{PythonText.TypeName(target)}' object is not callable"),
        };
}
