import * as rules from 'graphql';
import type { ValidationRule } from 'graphql';
import {
  just,
  wordUndefinedField,
  wordUnknownArgument,
  wordMissingArgument,
  wordBadLiteral,
  wordSelections,
  wordVariableMismatch,
  wordVariable,
  wordType,
  wordNamed,
} from './wordings.ts';
import type { Wording } from './wordings.ts';

/** One graphql-js rule with its translation into graphql-ruby's words. */
export interface TranslatedRule {
  readonly rule: ValidationRule;
  readonly word: Wording;
}

/** Every rule GitLab applies, in the codes of its answers (docs/gitlab.md §GraphQL errors). */
export const TRANSLATED_RULES: readonly TranslatedRule[] = [
  { rule: rules.FieldsOnCorrectTypeRule, word: wordUndefinedField },
  { rule: rules.KnownArgumentNamesRule, word: wordUnknownArgument },
  { rule: rules.ProvidedRequiredArgumentsRule, word: wordMissingArgument },
  { rule: rules.ValuesOfCorrectTypeRule, word: wordBadLiteral },
  { rule: rules.ScalarLeafsRule, word: wordSelections },
  { rule: rules.VariablesInAllowedPositionRule, word: wordVariableMismatch },
  { rule: rules.NoUndefinedVariablesRule, word: wordVariable('variableNotDefined', 'used by % but not declared') },
  { rule: rules.NoUnusedVariablesRule, word: wordVariable('variableNotUsed', 'declared by % but not used') },
  { rule: rules.KnownTypeNamesRule, word: wordType },
  {
    rule: rules.KnownDirectivesRule,
    word: wordNamed('undefinedDirective', (name) => `Directive @${name} is not defined`, 'directiveName'),
  },
  {
    rule: rules.KnownFragmentNamesRule,
    word: wordNamed('useAndDefineFragment', (name) => `Fragment ${name} was used, but not defined`, 'fragmentName'),
  },
  {
    rule: rules.NoUnusedFragmentsRule,
    word: wordNamed('useAndDefineFragment', (name) => `Fragment ${name} was defined, but not used`, 'fragmentName'),
  },
  { rule: rules.UniqueFragmentNamesRule, word: just('fragmentNotUnique') },
  { rule: rules.FragmentsOnCompositeTypesRule, word: just('fragmentOnNonCompositeType') },
  { rule: rules.PossibleFragmentSpreadsRule, word: just('cannotSpreadFragment') },
  { rule: rules.NoFragmentCyclesRule, word: just('infiniteLoop') },
  { rule: rules.UniqueVariableNamesRule, word: just('variableNotUnique') },
  { rule: rules.VariablesAreInputTypesRule, word: just('variableRequiresValidType') },
  { rule: rules.UniqueDirectivesPerLocationRule, word: just('directiveNotUniqueForLocation') },
  { rule: rules.UniqueArgumentNamesRule, word: just('argumentNotUnique') },
  { rule: rules.UniqueInputFieldNamesRule, word: just('inputFieldNotUnique') },
  { rule: rules.OverlappingFieldsCanBeMergedRule, word: just('fieldConflict') },
  { rule: rules.UniqueOperationNamesRule, word: just('uniquelyNamedOperations') },
  { rule: rules.LoneAnonymousOperationRule, word: just('uniquelyNamedOperations') },
];
