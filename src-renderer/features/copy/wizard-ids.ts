export const CHOOSE_FORM = 'transfer-choose';

export const MAIN_ACTION = 'transfer-go';
